"""A known picture, all the way in the browser: added and discarded, found on a post, decided from facts unseen."""

import re
import time
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import SIZES, violations
from tests.support.desk import evenhand
from tests.support.pictures import picture
from tests.support.platform import Client, item

pytestmark = pytest.mark.e2e

BANK = "DRAWINGS"
KNOWN = "/known.png"
NEW_LIST = "/banks/-/lists/-/new/"
PAGES = (
    "/banks/",
    f"/banks/{BANK}/",
    "/banks/-/lists/",
    "/banks/-/waiting/",
    "/banks/-/entries/1/",
    "/banks/-/new/",
    f"{NEW_LIST}?kind=stopncii",
    "/banks/-/lists/far-list/going/",
    "/banks/-/lists/far-list/end/",
)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def bank(town):
    """A bank for harassment, which the town's other stories do not fill, and a list that nobody answers for."""
    data = town.desk.data
    evenhand("media", "bank", "create", BANK, "--policy", "harassment", "--title", "Drawings", data=data)
    far = ("--kind", "demo", "--set", "url=http://127.0.0.1:9", "--set", "list=far")
    evenhand("media", "lists", "connect", "far-list", "--bank", BANK, *far, data=data)
    return BANK


@pytest.fixture(scope="module")
def added(bank, browser, state_of, town) -> str:
    """The address of the entry of a picture that Ann uploaded."""
    context = browser.new_context(base_url=town.desk.url, storage_state=state_of("ann"))
    page = context.new_page()
    page.goto(f"/banks/{bank}/")
    page.get_by_label("Picture or film").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture(KNOWN)}
    )
    page.get_by_role("button", name="Hash and discard it").click()
    expect(page.get_by_text("The file itself was discarded.")).to_be_visible(timeout=30_000)
    address = page.url
    context.close()
    return address


@pytest.mark.timeout(120)
def test_a_known_picture_is_found_and_decided_by_one_key_without_being_shown(added, town, page_of):
    with Client(town.desk.url, town.key) as client:
        told = item("known-1", "A drawing of stripes", author="cy", images=[urljoin(town.picture, KNOWN)])
        assert client.post("/api/v1/items/async", {"items": [told]}).status == 202
    page = page_of("ann")
    deadline = time.monotonic() + 60
    page.goto(f"/banks/{BANK}/")
    while not page.locator("a[href*='/banks/-/matches/']").count():
        assert time.monotonic() < deadline, "the picture was not found"
        page.wait_for_timeout(500)
        page.reload()
    page.locator("a[href*='/banks/-/matches/']").first.click()
    expect(page.get_by_text("the same file, byte for byte").last).to_be_visible()
    assert page.locator("main img").count() == 0
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Known media")).to_be_visible()
    if page.get_by_role("button", name="Take it").count():
        page.get_by_role("button", name="Take it").click()
    page.keyboard.press("d")
    expect(page.locator("[data-toast]")).to_be_visible()
    page.goto(added)
    expect(page.get_by_text(re.compile("0 of 1 upheld"))).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_the_pages_of_known_media(added, page_of, size):
    page = page_of("ann", color_scheme="light", viewport=SIZES[size], bypass_csp=True, reduced_motion="reduce")
    found = []
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        for summary in page.locator("main summary:visible").all():
            summary.click()
        found += violations(page)
    assert not found, "\n".join(found)


def test_a_list_that_cannot_be_reached_says_so_on_a_telephone(bank, page_of):
    page = page_of("ann", viewport=PHONE)
    page.goto("/banks/-/lists/")
    expect(page.get_by_text("Example Hash Exchange did not answer").first).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Take in now")).to_be_visible()


def test_rows_of_entries_are_walked_by_keys(added, page_of):
    page = page_of("ann")
    page.goto(f"/banks/{BANK}/")
    page.keyboard.press("j")
    expect(page.locator("[data-rows] [data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(r"Entry \d+"))).to_be_visible()
