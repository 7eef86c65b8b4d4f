"""Copies are one row: decided by one key with their number typed, an outlier marked by a key, all taken back by one."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import DESK, PHONE, violations
from tests.support.desk import evenhand
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e

TEXT = "The harbour office met last night behind closed doors and sold the old pier to {}, tell everybody"
EDITS = ("{}", "🔥 {}", "{} 😱", "{}!!!", "{} and come along")
COPIES = 24
SHOTS = os.environ.get("EVENHAND_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at."""


def copied(town, wave: str) -> None:
    """Many copies by as many people, reported; and one that says more."""
    with Client(town.desk.url, town.key) as client:
        for number in range(COPIES):
            text = (EDITS[number % 4] if number else EDITS[4]).format(TEXT.format(wave))
            body = report(f"{wave}-{number}", f"r{number % 5}", policyId="harassment")
            body["reportedItem"] = item(f"{wave}-{number}", text, author=f"copier-{number}")
            assert client.post("/api/v1/report", body).status == 201
    deadline = time.monotonic() + 30
    while evenhand("export", "cases", data=town.desk.data).count(f'"{wave}-') < COPIES:
        assert time.monotonic() < deadline, "the reports did not become cases"
        time.sleep(0.3)


def opened(page: Page, wave: str) -> None:
    page.goto("/")
    row = page.locator(".row-case", has_text=wave)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(re.compile(rf"{COPIES} that say the same"))
    shot(page, f"{wave}-queue")
    row.locator("[data-row]").click()
    expect(page.get_by_role("heading", name=f"{COPIES} that say the same")).to_be_visible()
    page.wait_for_load_state()


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=True)


def typed(page: Page, count: int) -> None:
    expect(page.get_by_label(re.compile(f"Type {count} to go on"))).to_be_focused()
    page.keyboard.type(str(count))
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text(f"{count} of {count} decided", timeout=60_000)


def test_a_wave_is_decided_and_taken_back_by_the_keyboard(town, page, complaints):
    copied(town, "Dawnmar")
    opened(page, "Dawnmar")
    page.wait_for_timeout(200)
    page.keyboard.press("m")
    shot(page, "Dawnmar-ask")
    typed(page, COPIES)
    shot(page, "Dawnmar-toast")
    page.keyboard.press("u")
    expect(page.locator("#live")).to_contain_text(f"Taken back: {COPIES} of {COPIES}.", timeout=60_000)
    expect(page.get_by_role("heading", name=f"{COPIES} that say the same")).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("x")
    marked = page.get_by_label("not the same").and_(page.locator(":checked"))
    expect(marked).to_have_count(1)
    shot(page, "Dawnmar-marked")
    page.keyboard.press("d")
    typed(page, COPIES - 1)
    page.goto("/")
    left = page.locator(".row-case", has_text="Dawnmar")
    expect(left).to_have_count(1)
    expect(left).not_to_contain_text("that say the same")
    left.locator("[data-row]").click()
    expect(page.locator("#case-title")).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("d")
    expect(page.locator("[data-toast]")).to_contain_text("No violation")
    assert complaints == []


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light")])
def test_the_page_of_a_wave_is_accessible(town, page_of, size, scheme):
    wave = {DESK["width"]: "Noonbrok", PHONE["width"]: "Eveleth"}[size["width"]] + (
        "dun" if scheme == "dark" else "lit"
    )
    copied(town, wave)
    page = page_of("ann", viewport=size, color_scheme=scheme)
    opened(page, wave)
    shot(page, f"{wave}-case")
    assert violations(page) == []
    page.wait_for_timeout(200)
    page.keyboard.press("d")
    typed(page, COPIES)
