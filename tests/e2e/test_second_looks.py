"""A second look, from the first decision to the page on which both are told."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import PHONE, violations
from tests.e2e.test_seconds import opened
from tests.support import inside
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e

LATER = """
import django; django.setup()
import sys
from datetime import timedelta
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.enforcement.services import again
from evenhand.desk.policies import queries as policies
first = Decision.objects.select_related("case", "decided_by").filter(item_id=sys.argv[1], kind="act").last()
first.decided_at -= timedelta(hours=2)
first.effective_at -= timedelta(hours=2)
first.save()
assert again._open(first, by_others=True, snapshot=policies.current())
"""
"""Two hours pass, and chance draws the decision."""
TOLD = """
import django; django.setup()
from tests.desk.enforcement.looking import told; told()
"""


def test_it_comes_as_any_case_and_both_are_told_afterwards(town, page_of, complaints):
    with Client(town.desk.url, town.key) as client:
        body = report("anchor-1", "r1", policyId="spam", reason="again")
        body["reportedItem"] = item("anchor-1", "Anchors, second hand, by the ton", author="chandler")
        assert client.post("/api/v1/report", body).status == 201
    ann, ben = page_of("ann", bypass_csp=True), page_of("ben", bypass_csp=True, reduced_motion="reduce")
    opened(ann, "anchor-1")
    ann.keyboard.press("m")
    expect(ann.locator("[data-toast]")).to_contain_text("Remove")
    inside.run(LATER, town.desk.data, "anchor-1")

    opened(ben, "anchor-1")
    assert "Remove ·" not in ben.locator("#main").inner_text()
    assert ben.get_by_text("second look").count() == 0
    assert violations(ben) == []
    ben.keyboard.press("d")
    expect(ben.locator("[data-toast]")).to_contain_text("No violation")
    inside.run(TOLD, town.desk.data)

    ben.goto("/")
    ben.get_by_role("link", name="Compare").click()
    expect(ben.get_by_role("heading", name="Where one of two decisions is yours")).to_be_visible()
    expect(ben.get_by_text("Second: you")).to_be_visible()
    assert violations(ben) == []
    ben.set_viewport_size(PHONE)
    assert ben.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(ben) == []
    ann.goto("/numbers/")
    ann.get_by_role("link", name="Quality").click()
    ann.get_by_role("button", name="Take the first decision").press("Enter")
    expect(ann.locator("#decide")).to_be_visible()
    assert complaints == []
