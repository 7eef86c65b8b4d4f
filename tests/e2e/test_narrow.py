"""On a telephone nothing lies out of sight."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

WIDTH = 390


@pytest.fixture
def narrow(page_of) -> Page:
    return page_of("ann", viewport={"width": WIDTH, "height": 844})


def ends(page: Page, selector: str) -> list[float]:
    """How far to the right each of them reaches."""
    return page.locator(selector).evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")


@pytest.mark.parametrize("path", ["/", "/ledger/", "/deliveries/", "/keys/", "/people/", "/me/sessions/", "/status/"])
def test_the_whole_menu_and_all_that_tables_say_is_in_sight(narrow, path):
    narrow.goto(path)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= WIDTH
    reach = ends(narrow, ".nav a, .stacks td, .stacks button")
    assert len(reach) >= 6
    assert max(reach) <= WIDTH


def test_an_entry_of_the_ledger_is_not_broken_letter_by_letter(narrow):
    narrow.goto("/ledger/")
    heights = narrow.locator(".stacks td").evaluate_all("all => all.map(one => one.clientHeight)")
    assert max(heights) < 60  # px: two lines


def test_how_much_media_one_saw_covers_nothing_of_the_menu(narrow):
    narrow.goto("/")
    narrow.locator("#exposure").evaluate("chip => { chip.hidden = false; chip.textContent = '23 views · 1204 s'; }")
    chip, menu = narrow.locator("#exposure").bounding_box(), narrow.locator(".nav").bounding_box()
    assert chip["y"] + chip["height"] <= menu["y"]
    expect(narrow.locator("#find")).to_be_visible()
    assert chip["x"] + chip["width"] <= WIDTH
