"""Two people at one desk, and one without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e


def start(page: Page) -> str:
    page.goto("/")
    page.get_by_role("button", name=re.compile("Start with the first")).click()
    expect(page.locator("#case-title")).to_be_visible()
    return page.url


def test_two_people_are_never_given_the_same_case(page_of):
    ann, ben = page_of("ann"), page_of("ben")
    assert start(ann) != start(ben)


def test_a_held_case_can_be_read_but_not_decided(page_of):
    ann, ben = page_of("ann"), page_of("ben")
    ben.goto(start(ann))
    expect(ben.get_by_text(re.compile("holds this case until"))).to_be_visible()
    expect(ben.get_by_role("button", name=re.compile("No violation"))).to_have_count(0)
    ben.keyboard.press("s")
    expect(ben).not_to_have_url(ann.url)


def test_a_decision_on_a_case_that_was_decided_meanwhile_is_told_not_taken(page_of):
    one, other = page_of("ann"), page_of("ann")
    other.goto(start(one))
    one.keyboard.press("d")
    expect(one.locator("[data-toast]")).to_be_visible()
    other.keyboard.press("m")
    expect(other.get_by_role("alert")).to_contain_text("was first")
    expect(other.get_by_role("alert")).to_contain_text("No violation")
    other.keyboard.press("s")
    expect(other.get_by_role("button", name=re.compile("No violation"))).to_be_visible()


def test_new_cases_are_announced_without_moving_the_list(page_of, town):
    page = page_of("ann")
    page.goto("/")
    rows = page.locator("[data-row]").all_inner_texts()
    body = report("late", "r1", policyId="harassment")
    body["reportedItem"] = item("late", "Something new happens")
    with Client(town.desk.url, town.key) as client:
        assert client.post("/api/v1/report", body).status == 201
    news = page.locator("#new a")
    expect(news).to_have_text(re.compile("1 new"), timeout=15_000)
    assert page.locator("[data-row]").all_inner_texts() == rows
    news.click()
    expect(page.get_by_text("Something new happens")).to_be_visible()


def test_everything_works_without_script(page_of):
    page = page_of("ben", java_script_enabled=False)
    case = start(page)
    page.locator("summary", has_text="Write a note").click()
    page.locator("#note-text").fill("No script here")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("No script here")).to_be_visible()
    page.get_by_role("button", name=re.compile("Terminate account")).click()
    page.get_by_role("link", name=re.compile("Back")).click()
    page.get_by_role("button", name=re.compile("No violation")).click()
    expect(page).not_to_have_url(case)
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page).to_have_url(case)


def test_media_stay_veiled_until_a_button_is_held_and_the_look_is_counted(page_of, complaints):
    page = page_of("ben")
    page.goto("/search/?q=boat&in=cases")
    page.locator("[data-row]").first.click()
    take = page.get_by_role("button", name="Take it")
    if take.count():
        take.click()
    expect(page.locator("img")).to_have_count(0)
    page.keyboard.press("o")
    picture = page.locator(".veil img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 240)
    expect(picture).to_have_css("filter", re.compile("grayscale.*blur"))
    hold = page.get_by_role("button", name="Hold to see clearly")
    box = hold.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    expect(picture).to_have_css("filter", "none")
    page.mouse.up()
    expect(picture).to_have_css("filter", re.compile("blur"))
    expect(page.locator("#exposure")).to_have_text(re.compile(r"[1-9]\d* views?"))
    page.keyboard.press("o")
    expect(picture).to_have_count(0)
    assert complaints == []


def test_leaving_the_page_ends_the_look(page_of):
    page = page_of("ben")
    page.goto("/search/?q=boat&in=cases")
    page.locator("[data-row]").first.click()
    page.locator(".media button").first.click()
    expect(page.locator(".veil img")).to_be_visible()
    address = page.locator(".veil img").get_attribute("src")
    page.goto("/")
    page.wait_for_timeout(500)
    assert page.request.get(address).status == 404
