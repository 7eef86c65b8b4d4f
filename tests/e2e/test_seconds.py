"""A two-person decision, from the one who makes it to the one who consents; and an appeal that one may not hear."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import DESK, PHONE, violations
from tests.support.desk import evenhand
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e


def reported(town, id_: str, policy: str = "harassment") -> None:
    body = report(id_, "r1", policyId=policy)
    body["reportedItem"] = item(id_, f"Shouting about {id_}")
    with Client(town.desk.url, town.key) as client:
        assert client.post("/api/v1/report", body).status == 201


def opened(page: Page, id_: str) -> None:
    """The case on an item, taken, once it is there."""
    deadline = time.monotonic() + 20
    page.goto(f"/search/?q={id_}&in=cases")
    while not page.locator("[data-row]").count():
        assert time.monotonic() < deadline, "the report did not become a case"
        page.wait_for_timeout(300)
        page.reload()
    page.locator("[data-row]").first.click()
    expect(page.locator("#case-title")).to_be_visible()
    if page.get_by_role("button", name="Take it").count():
        page.get_by_role("button", name="Take it").click()
    expect(page.locator("#decide")).to_be_visible()


def terminated(page: Page, id_: str) -> None:
    """Decided, and waiting for somebody else."""
    opened(page, id_)
    page.keyboard.press("t")
    expect(page.get_by_role("button", name=re.compile("Yes, do it"))).to_be_focused()
    page.keyboard.press("y")
    expect(page.locator("[data-toast]")).to_contain_text("waits for a second person")


def waiting_delivery(page: Page, id_: str) -> None:
    page.goto("/deliveries/?state=waiting")
    page.locator("tr", has_text=id_).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="It waits for a second person.")).to_be_visible()


def test_the_second_person_is_led_from_the_queue_to_the_consent(page_of, town, complaints):
    reported(town, "noise-1")
    ann, ben = page_of("ann"), page_of("ben")
    terminated(ann, "noise-1")
    ben.goto("/")
    expect(ben.get_by_text(re.compile(r"\d+ decisions? waits? for a second person"))).to_be_visible()
    ben.get_by_role("link", name="Look and consent").click()
    expect(ben.get_by_role("heading", name="Waiting for a second person")).to_be_in_viewport()
    mine = ben.locator(".seconds li", has_text="noise-1")
    mine.get_by_role("button", name="Consent").click()
    expect(ben.get_by_text("You consented: its webhooks leave now.")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_delivery_takes_the_consent_of_somebody_else_only(page_of, town, viewport, scheme):
    id_ = f"noise-{scheme}-{viewport['width']}"
    reported(town, id_)
    options = {"viewport": viewport, "color_scheme": scheme, "bypass_csp": True}
    ann, ben = page_of("ann", **options), page_of("ben", **options)
    terminated(ann, id_)
    waiting_delivery(ann, id_)
    expect(ann.get_by_text("You made this decision: somebody else must consent to it.")).to_be_visible()
    expect(ann.get_by_role("button", name="Consent")).to_have_count(0)
    waiting_delivery(ben, id_)
    assert violations(ben) == []
    assert ben.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    ben.get_by_role("button", name="Consent").click()
    expect(ben.get_by_text("You consented: its webhooks leave now.")).to_be_visible()
    expect(ben.get_by_text("Consented to by")).to_be_visible()


def test_an_appeal_that_ann_may_not_hear_says_so_in_her_list_and_not_in_bens(page_of, town):
    reported(town, "sold-twice")
    ann, ben = page_of("ann"), page_of("ben")
    opened(ann, "sold-twice")
    ann.keyboard.press("m")
    expect(ann.locator("[data-toast]")).to_be_visible()
    appeal = {
        "appealId": "appeal-1", "appealedBy": {"id": "ann", "typeId": "account"}, "appealedAt": "2026-11-01T12:00:00Z",
        "actionedItem": item("sold-twice", "Shouting about sold-twice"), "actionsTaken": ["remove"],
        "appealReason": "It was a joke", "violatingPolicies": [],
    }  # fmt: skip
    with Client(town.desk.url, town.key) as client:
        answer = client.post("/api/v1/report/appeal", appeal)
        assert answer.status == 204, answer.body
    deadline = time.monotonic() + 20
    while '"kind":"appeal"' not in evenhand("export", "cases", data=town.desk.data).replace('": ', '":'):
        assert time.monotonic() < deadline, "the appeal did not become a case"
        time.sleep(0.3)
    told = "You made the decision that is appealed here: somebody else must hear it."
    for page, count in ((ann, 1), (ben, 0)):
        page.goto("/search/?q=sold-twice&in=cases")
        expect(page.locator(".chip", has_text="appeal").first).to_be_visible()
        expect(page.get_by_text(told)).to_have_count(count)
