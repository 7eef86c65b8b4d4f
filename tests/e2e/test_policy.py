"""The content security policy holds while somebody works, whatever else touches their page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

TOUCHED = "for (const one of document.querySelectorAll('[id]')) { one.style.color = 'red'; one.style.color = ''; }"
"""What extensions, screen recorders and the like leave behind: elements with an empty style."""


def test_nothing_violates_it_while_deciding_undoing_and_opening_media(page_of, complaints):
    page = page_of("ben")
    page.goto("/search/?q=boat&in=cases")
    page.locator("[data-row]").first.click()
    page.evaluate(TOUCHED)
    page.locator(".media button").first.click()
    expect(page.locator(".veil img")).to_be_visible()
    page.evaluate(TOUCHED)
    page.keyboard.press("o")
    expect(page.locator(".veil")).to_have_count(0)
    page.evaluate(TOUCHED)
    case = page.url
    page.keyboard.press("d")
    expect(page.locator("[data-toast]")).to_be_visible()
    page.evaluate(TOUCHED)
    page.keyboard.press("u")
    expect(page.locator("[data-toast]")).to_have_count(0)
    assert page.url.split("?")[0] == case.split("?")[0]
    page.evaluate(TOUCHED)
    page.keyboard.press("s")
    expect(page).not_to_have_url(case)
    assert complaints == []
