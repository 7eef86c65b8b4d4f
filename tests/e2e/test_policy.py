"""The content security policy holds while somebody works, whatever else touches their page."""

import pytest
from playwright.sync_api import expect

from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e

TOUCHED = "for (const one of document.querySelectorAll('[id]')) { one.style.color = 'red'; one.style.color = ''; }"
"""What extensions, screen recorders and the like leave behind: elements with an empty style."""


@pytest.fixture
def whale(town):
    """A picture of its own: others decide those of the town."""
    body = report("whale", "r1", policyId="harassment", reason="not nice")
    body["reportedItem"] = item("whale", "A whale in the bay", author="cy", images=[town.picture])
    with Client(town.desk.url, town.key) as client:
        assert client.post("/api/v1/report", body).status == 201


def opened(page, word):
    """The case that a word finds, as soon as it is there."""
    row = page.locator("[data-row]").first
    for _ in range(40):
        page.goto(f"/search/?q={word}&in=cases")
        if row.count():
            break
        page.wait_for_timeout(500)
    row.click()


def test_nothing_violates_it_while_deciding_undoing_and_opening_media(page_of, complaints, whale):
    page = page_of("ben")
    opened(page, "whale")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("button", name="No violation")).to_be_enabled()
    page.evaluate(TOUCHED)
    page.locator(".media button").first.click()
    expect(page.locator(".veil img")).to_be_visible()
    page.evaluate(TOUCHED)
    page.keyboard.press("o")
    expect(page.locator(".veil")).to_have_count(0)
    page.evaluate(TOUCHED)
    page.wait_for_load_state("networkidle")
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
