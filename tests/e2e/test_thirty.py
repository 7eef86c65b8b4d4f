"""Thirty cases are cleared by the keyboard alone, one after the other."""

import time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e
CASES = 30
WORDS = (
    "anchor", "basket", "candle", "drum", "ember", "fern", "goblet", "harbour", "inkwell", "jug", "kettle", "ladder",
    "mirror", "needle", "oar",
)  # fmt: skip


@pytest.fixture
def thirty(town) -> str:
    """Their part of the queue, as addresses carry it."""
    with Client(town.desk.url, town.key) as client:
        for number in range(CASES):
            body = report(f"thirty-{number}", f"r{number % 5}", policyId="spam", reason="again")
            first, second = WORDS[number % 15], WORDS[(number * 7 + number // 15) % 15]
            body["reportedItem"] = item(f"thirty-{number}", f"A {first} and a {second}, {number}", author="thirty")
            assert client.post("/api/v1/report", body).status == 201
    return quote("f:author=thirty", safe="")


def test_a_moderator_clears_thirty_cases_with_the_keyboard_alone(thirty, page_of, complaints):
    page = page_of("ben")
    page.goto(f"/?queue={thirty}")
    deadline = time.monotonic() + 20
    while page.locator("[data-row]").count() < CASES:
        assert time.monotonic() < deadline
        page.reload()
    page.keyboard.press("g")
    title = page.locator("#case-title")
    expect(title).to_be_visible()
    seen, took = set(), []
    for number in range(CASES):
        seen.add(page.url.partition("?")[0])
        began = time.monotonic()
        page.keyboard.press("d" if number % 3 else "m")
        if number < CASES - 1:
            page.wait_for_function(
                "before => location.pathname !== before && document.activeElement?.id === 'case-title'",
                arg=page.url.partition("?")[0].removeprefix(page.url[: page.url.index("/cases/")]),
            )
        took.append(time.monotonic() - began)
        page.wait_for_timeout(160)  # the same key twice at once is one key
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert len(seen) == CASES
    assert sorted(took)[CASES // 2] < 2, f"seconds from key to next case: {sorted(took)}"
    assert complaints == []
