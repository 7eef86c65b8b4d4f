"""How long media was open is recorded, whatever becomes of the page that shows it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

INTERVAL = 10_000
"""ms: `cases.queries.looks.INTERVAL`."""


@pytest.fixture
def looking(page_of) -> Callable[[], Page]:
    """Ben opens the town's picture."""

    def looking() -> Page:
        page = page_of("ben")
        page.goto("/search/?q=boat&in=cases")
        page.locator("[data-row]").first.click()
        page.locator(".media button").first.click()
        expect(page.locator(".veil img")).to_be_visible()
        return page

    return looking


def newest_look(page: Page) -> str:
    page.reload()
    return page.locator(".moment-look").first.inner_text()


def test_a_page_that_is_heard_shows_it_for_as_long_as_one_looks(looking, complaints):
    page = looking()
    said = []
    page.on("request", lambda request: said.append(request.post_data) if request.url.endswith("/hear/") else None)
    page.wait_for_timeout(2.5 * INTERVAL)
    expect(page.locator(".veil img")).to_be_visible()
    assert 4 <= len(said) <= 7
    page.keyboard.press("o")
    expect(page.locator(".veil")).to_have_count(0)
    seconds = int(re.search(r"(\d+) s, then closed", newest_look(page)).group(1))
    assert 25 <= seconds <= 32
    assert complaints == []


def test_a_page_that_the_desk_cannot_hear_takes_it_away_and_the_record_ends_there(looking):
    page = looking()
    page.context.set_offline(True)
    expect(page.locator(".veil")).to_have_count(0, timeout=INTERVAL + 3_000)
    expect(page.get_by_text("the desk did not hear of it")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_timeout(6_000)
    seconds = int(re.search(r"at most (\d+) s: its page was not heard", newest_look(page)).group(1))
    assert INTERVAL <= 1_000 * seconds <= 2 * INTERVAL


def test_what_was_taken_away_is_opened_again_as_a_new_look(looking):
    page = looking()
    page.route("**/media/hear/", lambda route: route.fulfill(json={"open": []}))
    expect(page.locator(".veil")).to_have_count(0, timeout=INTERVAL)
    page.unroute("**/media/hear/")
    page.get_by_role("button", name="Open again").click()
    expect(page.locator(".veil img")).to_be_visible()


def test_a_browser_that_was_killed_counts_one_interval_more_and_no_longer(looking, page_of):
    page = looking()
    address = page.url
    page.context.set_offline(True)
    page.close()
    other = page_of("ann")
    other.goto(f"{address}?look")
    expect(other.locator(".moment-look").first).to_contain_text("not closed yet")
    other.wait_for_timeout(INTERVAL + 6_000)
    assert re.search(r"at most 1\d s: its page was not heard", newest_look(other))
