"""A mob: from one of its cases to the person at whom it goes, and one decision for all of it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import PHONE, violations
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e
SHOUTS = ("nobody here likes you", "go away from our quay", "what a sad old song", "stop it at once, will you")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_what_came_at_one_person_is_seen_and_decided_together(town, page_of, viewport, complaints):
    who = f"tia-{'phone' if viewport else 'desk'}"
    with Client(town.desk.url, town.key) as client:
        for number, shout in enumerate(SHOUTS):
            body = report(f"{who}-{number}", f"r{number}", policyId="harassment", reason="not nice")
            body["reportedItem"] = item(f"{who}-{number}", f"{shout} {who}", author=f"shouter-{number % 3}")
            body["reportedItem"]["data"]["mentions"] = [{"id": who, "typeId": "account"}]
            assert client.post("/api/v1/report", body).status == 201
    page = page_of("ann", bypass_csp=True, reduced_motion="reduce", **({"viewport": viewport} if viewport else {}))
    page.goto(f"/targets/?type=account&id={who}")
    for _ in range(60):
        if page.locator("[data-row]").count() == len(SHOUTS):
            break
        page.wait_for_timeout(250)
        page.reload()
    page.locator("[data-row]").first.click()
    expect(page.get_by_role("link", name="What came at")).to_be_visible()
    page.keyboard.press("Shift+T")
    expect(page.get_by_role("heading", name="What came at")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("button", name="Undo all").click()
    expect(page.locator("#case-title")).to_be_visible()
    page.goto(f"/targets/?type=account&id={who}")
    expect(page.locator("[data-row]")).to_have_count(len(SHOUTS))
    assert complaints == []
