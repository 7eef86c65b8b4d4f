"""What a key says when its time is over, and a link that signs somebody in by Enter alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.desk import evenhand

pytestmark = pytest.mark.e2e

UNDO = 10_000
"""ms: `undo_seconds`."""


def test_undo_after_its_time_says_so_and_leads_to_where_a_decision_is_taken_back(page):
    page.keyboard.press("g")
    expect(page.locator("#case-title")).to_be_visible()
    page.wait_for_load_state()
    decided = page.url.partition("?")[0]
    page.wait_for_timeout(200)
    page.keyboard.press("d")
    expect(page.locator("[data-toast]")).to_be_visible()
    expect(page.locator("[data-toast]")).to_have_count(0, timeout=UNDO + 3_000)
    page.keyboard.press("u")
    expect(page.locator("#live")).to_contain_text("The time to undo is over")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(decided)))
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#decide")).to_be_visible()


def test_a_sign_in_link_needs_enter_alone(town, page_of):
    told = evenhand("users", "login-link", "ben@example.com", data=town.desk.data)
    path = re.search(r"/login/once/[^/\s]+/", told).group(0)
    page = page_of(None)
    page.goto(path)
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
