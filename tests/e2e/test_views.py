"""A part of the queue: filtered, saved as a view, worked through."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import PHONE, violations
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_view_is_saved_and_its_cases_come_one_after_the_other(town, page_of, viewport, complaints):
    with Client(town.desk.url, town.key) as client:
        body = report("viewed", "r1", policyId="harassment", reason="not nice")
        body["reportedItem"] = item("viewed", "A walrus on the quay", author="walrus")
        assert client.post("/api/v1/report", body).status == 201
    page = page_of("ann", bypass_csp=True, reduced_motion="reduce", **({"viewport": viewport} if viewport else {}))
    page.goto("/")
    page.locator(".filter summary").click()
    page.get_by_label("Policy").select_option("harassment")
    page.get_by_label("Author’s id").fill("walrus")
    page.get_by_role("button", name="Show").click()
    for _ in range(40):
        if page.locator("[data-row]").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator("[data-row]")).to_have_count(1)
    if not page.get_by_label("Save as").is_visible():
        page.locator(".filter summary").click()
    page.get_by_label("Save as").fill("Mobs")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("heading", name="Mobs")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []
    page.keyboard.press("g")
    expect(page.get_by_text("A walrus on the quay").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Mobs")).to_be_visible()
    page.locator(".filter summary").click()
    page.get_by_role("button", name="Forget this view").click()
    expect(page.get_by_role("link", name="Mobs")).to_have_count(0)
    assert complaints == []
