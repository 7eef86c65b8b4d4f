"""What follows from an action is told beside the buttons, for the policy that is chosen."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_told_anew_for_another_policy_and_nothing_else_moves(page_of, complaints, width):
    page = page_of("ann", viewport={"width": width, "height": 844})
    page.goto("/?queue=default")
    page.get_by_role("button", name="Start with the first").click()
    title = page.locator("#case-title").inner_text()
    page.locator("label.policy", has_text="Spam").click()
    if width < 400:
        page.get_by_role("button", name="All actions, and a reason").click()
    page.locator(".follows > summary").click()
    told = page.locator("#follows")
    expect(told).to_contain_text("Under “Spam”.")
    expect(told.locator("blockquote").first).to_contain_text("It breaks the rule “Spam”.")
    page.keyboard.press("Escape")
    page.locator("label.policy", has_text="Harassment").click()
    expect(told).to_contain_text(re.compile("Under “Harassment”"))
    expect(page.locator("#case-title")).to_have_text(title)
    expect(page.locator(".decide")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
