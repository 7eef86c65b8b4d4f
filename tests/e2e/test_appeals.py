"""An appeal in the browser: what the hearer sees, and what they see when the decision is taken back meanwhile."""

import json
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import DESK, PHONE, violations
from tests.e2e.test_seconds import opened, reported
from tests.support.desk import evenhand
from tests.support.platform import Client, item

pytestmark = pytest.mark.e2e


def appealed(town, id_: str) -> int:
    """The case that it becomes."""
    appeal = {
        "appealId": f"appeal-{id_}", "appealedBy": {"id": "dee", "typeId": "account"},
        "appealedAt": "2026-11-01T12:00:00Z", "actionedItem": item(id_, f"Shouting about {id_}", author="dee"),
        "actionsTaken": ["remove"], "appealReason": "I only asked the ferryman", "violatingPolicies": [],
    }  # fmt: skip
    with Client(town.desk.url, town.key) as client:
        assert client.post("/api/v1/report/appeal", appeal).status == 204
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for case in map(json.loads, evenhand("export", "cases", data=town.desk.data).splitlines()):
            if case["appealId"] == f"appeal-{id_}":
                return int(case["id"])
        time.sleep(0.3)
    raise AssertionError("the appeal did not become a case")


def removed(page: Page, id_: str) -> None:
    opened(page, id_)
    page.get_by_text("Give a reason").click()
    page.get_by_placeholder("Kept with the decision").fill("He shouts at strangers.")
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator("[data-toast]")).to_be_visible()


def hears(page: Page, case: int) -> None:
    page.goto(f"/cases/{case}/")
    expect(page.get_by_role("heading", name="The decision: Remove · Harassment")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_hearer_sees_the_decision_and_what_it_stood_on(page_of, town, complaints, viewport):
    id_ = f"ferry-{viewport['width']}"
    reported(town, id_)
    removed(page_of("ann"), id_)
    ben = page_of("ben", viewport=viewport)
    hears(ben, appealed(town, id_))
    expect(ben.get_by_text("I only asked the ferryman").first).to_be_visible()
    expect(ben.get_by_text("He shouts at strangers.").first).to_be_visible()
    expect(ben.get_by_text("Harassment, as it read then")).to_be_visible()
    expect(ben.get_by_role("heading", name="Known at the decision")).to_be_visible()
    expect(ben.get_by_text("Those that the decision stood on.")).to_be_visible()
    assert violations(ben) == []
    assert ben.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_a_decision_that_is_taken_back_meanwhile_leaves_nothing_to_hear(page_of, town):
    reported(town, "ferry-back")
    ann, ben = page_of("ann"), page_of("ben")
    removed(ann, "ferry-back")
    hears(ben, appealed(town, "ferry-back"))
    ann.goto(ben.locator(".judged a").get_attribute("href"))
    ann.get_by_role("button", name="Take it back").first.click()
    expect(ann.get_by_text("Taken back").first).to_be_visible()
    ben.keyboard.press("d")
    expect(ben.get_by_role("alert")).to_contain_text("the decision was taken back")
    expect(ben.get_by_text("Appeal, settled: the decision was taken back")).to_be_visible()
    expect(ben.locator("#decide")).to_have_count(0)


@pytest.mark.parametrize("look", [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_an_accepted_appeal_is_told_on_the_page_of_the_first_case(page_of, town, look):
    scheme, viewport = look
    id_ = f"ferry-over-{viewport['width']}"
    reported(town, id_)
    ann, ben = page_of("ann"), page_of("ben", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    removed(ann, id_)
    case = appealed(town, id_)
    hears(ben, case)
    first = ben.locator(".judged a").get_attribute("href")
    ben.get_by_role("button", name="Take the decision back").click()
    expect(ben.locator("[data-toast]")).to_be_visible()
    ben.goto(first)
    expect(ben.get_by_text("Overturned on appeal: ")).to_be_visible()
    expect(ben.get_by_role("button", name="Take it back")).to_have_count(0)
    assert violations(ben) == []
    assert ben.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ben.locator(".notice").get_by_role("link", name=f"case {case}").click()
    expect(ben.get_by_role("heading", level=1)).to_contain_text("Appeal accepted by ")
    ben.get_by_role("button", name="Take it back").first.click()
    expect(ben.get_by_role("heading", level=1)).to_have_text("An appeal waits for a second look")
    ben.goto(first)
    expect(ben.get_by_text("Overturned on appeal")).to_have_count(0)
