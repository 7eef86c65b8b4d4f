"""A second opinion: asked with one key, given without names, read on the case."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import PHONE, violations
from tests.support.platform import Client, item, report

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_a_peer_is_asked_with_one_key_and_answers_without_names(town, page_of, viewport, complaints):
    id_ = f"ferry-{'phone' if viewport else 'desk'}"
    with Client(town.desk.url, town.key) as client:
        body = report(id_, "r1", policyId="spam", reason="again")
        body["reportedItem"] = item(id_, "Ask pelican-9 for ferry tickets", author="pelican-9")
        assert client.post("/api/v1/report", body).status == 201
    sized = {"viewport": viewport} if viewport else {}
    ann, ben = (page_of(name, bypass_csp=True, reduced_motion="reduce", **sized) for name in ("ann", "ben"))
    ann.goto(f"/search/?q={id_}&in=cases")
    for _ in range(40):
        if ann.locator("[data-row]").count():
            break
        ann.wait_for_timeout(250)
        ann.reload()
    ann.locator("[data-row]").first.click()
    if ann.get_by_role("button", name="Take it").count():
        ann.get_by_role("button", name="Take it").click()
    expect(ann.get_by_role("button", name="Ask a peer")).to_be_visible()
    ann.keyboard.press("Shift+P")
    expect(ann.get_by_role("button", name="Take back")).to_be_visible()
    ben.goto("/")
    ben.keyboard.press("Shift+P")
    expect(ben.get_by_text("Ask [name] for ferry tickets")).to_be_visible()
    ben.keyboard.press("y")
    ben.get_by_label("If yes, which one").select_option("spam")
    ben.get_by_label("Why, in a sentence").fill("It sells tickets.")
    assert violations(ben) == []
    assert ben.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    ben.get_by_role("button", name="Answer").click()
    expect(ben.get_by_text("Kept: whoever decides")).to_be_visible()
    ann.reload()
    expect(ann.get_by_text("It sells tickets.")).to_be_visible()
    assert violations(ann) == []
    assert complaints == []
