"""A moderator works with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

LOOK = 200
"""ms: nobody decides faster; the same key within 150 ms counts once."""


def start(page: Page) -> None:
    page.keyboard.press("g")
    expect(page.locator("#case-title")).to_be_visible()
    page.wait_for_load_state()


def test_j_and_k_move_through_the_queue_and_enter_opens(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row]").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/\d+/$"))


def test_ten_cases_are_decided_by_keys_alone(page, complaints):
    start(page)
    seen = set()
    for _ in range(10):
        seen.add(page.url)
        before = page.url
        page.wait_for_timeout(LOOK)
        page.keyboard.press("d")
        expect(page).not_to_have_url(before)
        expect(page.locator("#case-title")).to_be_focused()
    assert len(seen) == 10
    assert complaints == []


def test_a_letter_acts_under_the_proposed_policy_and_a_digit_changes_it_first(page):
    start(page)
    page.keyboard.press("2")
    name = page.locator(".policy:has(:checked) span").inner_text()
    page.keyboard.press("m")
    expect(page.locator("[data-toast] strong")).to_have_text(f"Remove · {name}")


def test_undo_brings_the_case_back(page):
    start(page)
    case = page.url
    page.keyboard.press("d")
    expect(page).not_to_have_url(case)
    expect(page.locator("#live")).to_contain_text("No violation")
    page.keyboard.press("u")
    expect(page).to_have_url(case)
    expect(page.locator(".moment-struck")).to_contain_text("No violation")


def test_the_offer_to_undo_goes_out_after_its_time(page):
    start(page)
    page.keyboard.press("d")
    toast = page.locator("[data-toast]")
    expect(toast).to_be_visible()
    expect(toast).to_have_count(0, timeout=12_000)


def test_what_cannot_be_taken_back_asks_first(page):
    start(page)
    case = page.url
    page.keyboard.press("t")
    confirm = page.get_by_role("button", name=re.compile("Yes, do it"))
    expect(confirm).to_be_focused()
    page.keyboard.press("Escape")
    expect(confirm).to_have_count(0)
    expect(page).to_have_url(case)
    page.keyboard.press("t")
    expect(confirm).to_be_focused()
    page.keyboard.press("y")
    expect(page).not_to_have_url(case)
    expect(page.locator("[data-toast]")).to_contain_text("waits for a second person")


def test_a_key_pressed_while_the_answer_is_on_its_way_is_not_lost_and_no_more_than_one_is_kept(page):
    start(page)
    page.route("**/decide/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("d")
    page.keyboard.press("n")
    page.keyboard.press("s")
    expect(page.locator("#note-text")).to_be_focused()


def test_the_same_key_twice_in_a_moment_decides_once(page):
    start(page)
    decided = []
    page.on("request", lambda request: decided.append(request.url) if request.url.endswith("/decide/") else None)
    first = page.url
    page.evaluate(
        """() => {
            for (let times = 0; times < 2; times++)
                document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "d", bubbles: true }));
        }"""
    )
    expect(page).not_to_have_url(first)
    page.wait_for_timeout(500)
    assert len(decided) == 1


def test_letters_typed_into_a_note_decide_nothing(page):
    start(page)
    case = page.url
    page.keyboard.press("n")
    page.keyboard.type("dust in the middle of the mess")
    expect(page.locator("#note-text")).to_have_value("dust in the middle of the mess")
    expect(page).to_have_url(case)


def test_keys_with_modifiers_belong_to_the_browser(page):
    start(page)
    case = page.url
    for key in ("Control+d", "Alt+d", "Meta+d"):
        page.keyboard.press(key)
    expect(page).to_have_url(case)


def test_skipped_cases_do_not_come_back_on_the_way(page):
    start(page)
    first = page.url
    page.keyboard.press("s")
    expect(page).not_to_have_url(first)
    second = page.url
    page.keyboard.press("d")
    expect(page).not_to_have_url(second)
    assert first.split("?")[0] != page.url.split("?")[0]


def test_search_is_one_key_away_from_anywhere(page):
    start(page)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("lantern")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text(re.compile("lantern", re.IGNORECASE))


def test_a_question_mark_lists_the_keys(page):
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).not_to_be_visible()


def test_whoever_switches_keys_off_has_none(page_of):
    page = page_of("ben")
    page.goto("/me/")
    box = page.get_by_label(re.compile("off|Keys", re.IGNORECASE)).locator("visible=true").first
    if box.get_attribute("type") != "checkbox":
        box = page.locator("input[type=checkbox]").first
    box.check()
    page.get_by_role("button", name="Save").click()
    try:
        page.goto("/")
        url = page.url
        page.keyboard.press("g")
        page.wait_for_timeout(300)
        assert page.url == url
        assert page.locator("main kbd").count() == 0
    finally:
        page.goto("/me/")
        page.locator("input[type=checkbox]").first.uncheck()
        page.get_by_role("button", name="Save").click()


def test_a_desk_that_does_not_answer_is_told_and_nothing_is_lost(page):
    start(page)
    case = page.url
    page.route("**/decide/", lambda route: route.abort())
    page.keyboard.press("d")
    expect(page.get_by_text("The desk did not answer")).to_be_visible()
    expect(page).to_have_url(case)
    page.unroute("**/decide/")
    page.wait_for_timeout(LOOK)
    page.keyboard.press("d")
    expect(page).not_to_have_url(case)
    expect(page.get_by_text("The desk did not answer")).not_to_be_visible()
