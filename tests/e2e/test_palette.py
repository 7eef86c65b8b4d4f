"""Ctrl K leads anywhere, by the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import PHONE, violations

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_the_palette_takes_an_address_and_opens_what_it_names(page_of, complaints, viewport):
    page = page_of("ann", bypass_csp=True, reduced_motion="reduce", **({"viewport": viewport} if viewport else {}))
    page.goto("/status/")
    page.keyboard.press("Control+k")
    box = page.get_by_label("An id, an address, a page, or words")
    expect(box).to_be_focused()
    page.keyboard.type("https://town.example/posts/picture")
    case = page.locator("#palette-found a", has_text="Look at this boat").first
    expect(case).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(case).to_be_focused()
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/\d+/\?look"))
    assert complaints == []


def test_enter_opens_the_first_and_escape_closes(page_of):
    page = page_of("ann")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("deliv")
    expect(page.locator("#palette-found a").first).to_contain_text("Deliveries")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/deliveries/"))
