"""Escalating: one key to the form, a zip that a person gets and a program checks."""

import pytest
from playwright.sync_api import expect

from evenhand.engine.ledger.packages import check, key_named, unpack
from tests.e2e.test_accessible import PHONE, violations

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_case_is_given_to_somebody_outside(page_of, viewport, tmp_path, complaints):
    page = page_of("ann", bypass_csp=True, reduced_motion="reduce", **({"viewport": viewport} if viewport else {}))
    page.goto("/search/?q=boat&in=cases")
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("link", name="Escalate", exact=True)).to_be_visible()
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("heading", name="Escalate")).to_be_visible()
    page.get_by_label("counsel").check()
    page.get_by_label("Who gets it").fill("Our counsel")
    page.get_by_label("Why", exact=True).fill("Asked for on Monday")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Make the package").click()
    downloading.value.save_as(tmp_path / "case.zip")
    files = unpack((tmp_path / "case.zip").read_bytes())
    assert check(files, [key_named(files)]).manifest.recipient["name"] == "Our counsel"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Escalated: a package for Our counsel").first).to_be_visible()
    assert complaints == []
