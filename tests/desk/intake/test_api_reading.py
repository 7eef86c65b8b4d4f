"""GET /api/v2/policies, /items, /cases, /decisions, /deliveries; GET /ready."""

import pytest
from django.db import OperationalError
from django.test import Client

from evenhand.desk.cases.models import Case
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.queries import readiness
from evenhand.desk.signals.services import DeskStore
from evenhand.runtime.worker import PartitionWorker
from tests.desk.intake.conftest import v2_post
from tests.desk.intake.test_api_v2 import problem, report

LISTS = ["/v2/policies", "/v2/cases", "/v2/decisions", "/v2/deliveries"]


def pages(api, path, size):
    """All items, page by page."""
    found, cursor = [], ""
    while cursor is not None:
        body = api.get(f"{path}?limit={size}" + (f"&cursor={cursor}" if cursor else "")).json()
        assert len(body["items"]) <= size
        found += body["items"]
        cursor = body["next"]
    return found


@pytest.fixture
def fold(log):
    worker = PartitionWorker(log, DeskStore(), owner="test", batch_events=100)

    def fold():
        while worker.step():
            pass

    return fold


def opened(n):
    return Case.objects.create(
        item_type="post", item_id=f"p{n}", queue="default", opened_at=now_micros(), changed_at=now_micros()
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_policies_come_page_by_page(api, size):
    found = pages(api, "/v2/policies", size)
    assert [policy["id"] for policy in found] == ["spam", "scam", "old", "minors"]
    assert found[1]["parent"] == "spam"
    assert [policy["retired"] for policy in found] == [False, False, True, False]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=", "limit=%00", "limit=٣", "cursor=x", "cursor=%00", "cursor=ä",
     "cursor=bnVsbA", "cursor=Ijw", "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cursor=LTE"],
)  # fmt: skip
def test_a_page_that_cannot_be_is_refused(api, query):
    for path in LISTS:
        assert query.partition("=")[0] in problem(api.get(f"{path}?{query}"))["detail"]


def test_a_parameter_that_is_misspelt_is_told_what_was_meant(api):
    assert "did you mean `limit`?" in problem(api.get("/v2/policies?limt=5"))["detail"]
    assert "none of limit, cursor, state" in problem(api.get("/v2/deliveries?zzz=5"))["detail"]
    assert "there are none" in problem(api.post("/v2/appeals?x=1", {}))["detail"]
    assert api.get("/v1/policies?x=1").status_code == 200


@pytest.mark.parametrize("path", LISTS[1:])
def test_a_list_without_anything_is_empty(api, path):
    assert api.get(path).json() == {"items": [], "next": None}


def test_an_item_is_told_as_it_was_folded(api, fold):
    problem(api.get("/v2/items/post/p%2F1"), 404)
    data = {"title": "Hello", "author": "u1", "posted": "2026-01-31T12:00:00Z", "extra": [1]}
    api.post("/v2/items", {"type": "post", "id": "p/1", "data": data})
    fold()
    body = api.get("/v2/items/post/p%2F1").json()
    assert (body["type"], body["id"], body["kind"], body["versions"]) == ("post", "p/1", "content", 1)
    assert body["creator"] == {"type": "person", "id": "u1"}
    assert body["created_at"] == "2026-01-31T12:00:00Z"
    assert body["data"]["extra"] == [1]
    assert body["first_seen"].endswith("Z")


@pytest.mark.parametrize("path", ["post/%00", "%00/p1", "post/" + "x" * 600, "post/%FF"])
def test_an_item_that_cannot_exist_is_not_found(api, path):
    problem(api.get(f"/v2/items/{path}"), 404)


def test_cases_come_page_by_page_the_newest_first(api, fold):
    for n in range(3):
        api.post("/v2/reports", report(item=v2_post(f"p{n}")))
    api.post("/v2/reports", report(item=v2_post("p1"), reason="again"))
    fold()
    found = pages(api, "/v2/cases", 2)
    assert [(case["item"]["id"], case["reports"]) for case in found] == [("p2", 1), ("p1", 2), ("p0", 1)]
    assert found[0]["state"] == "open"


def test_cases_may_be_asked_for_by_state_and_queue(api):
    first, second = opened(1), opened(2)
    Case.objects.filter(pk=first.pk).update(state="closed", closed_at=now_micros(), outcome="dismissed")
    Case.objects.filter(pk=second.pk).update(queue="minors")
    assert [case["id"] for case in api.get("/v2/cases?state=closed").json()["items"]] == [first.pk]
    assert [case["id"] for case in api.get("/v2/cases?queue=minors").json()["items"]] == [second.pk]
    assert "state" in problem(api.get("/v2/cases?state=odd"))["detail"]
    assert "queue" in problem(api.get("/v2/cases?queue=%00"))["detail"]


def test_decisions_and_deliveries_come_page_by_page(api, django_assert_max_num_queries):
    for n in range(3):
        api.post("/v2/actions", {"action": "hide", "item": {"type": "post", "id": f"p{n}"}, "policies": ["spam"]})
    decisions = pages(api, "/v2/decisions", 2)
    assert [one["item"]["id"] for one in decisions] == ["p2", "p1", "p0"]
    assert (decisions[0]["by"], decisions[0]["kind"], decisions[0]["policy"]) == ("key:platform", "act", "spam")
    assert decisions[0]["actions"][0]["parameters"] == {"label": "red"}
    deliveries = pages(api, "/v2/deliveries", 2)
    assert [one["decision"] for one in deliveries] == [one["id"] for one in decisions]
    assert {one["state"] for one in deliveries} == {"pending"}
    assert api.get("/v2/deliveries?state=dead").json()["items"] == []
    assert "state" in problem(api.get("/v2/deliveries?state=odd"))["detail"]
    for path in LISTS[1:]:
        with django_assert_max_num_queries(2):
            api.get(path)


def test_a_desk_that_can_keep_what_it_is_sent_is_ready(db, log):
    response = Client().get("/ready")
    assert (response.status_code, response.json()) == (200, {"ready": True})


def test_a_desk_that_cannot_is_not_and_says_why(db, log, monkeypatch):
    def gone():
        raise OSError("/secret")

    monkeypatch.setattr(intake, "event_log", gone)
    response = Client().get("/ready")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "reason": "The event log does not answer."}


def test_a_database_that_is_behind_or_away_is_not_ready(db, log, monkeypatch):
    monkeypatch.setattr(readiness, "_seen", set())
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: ["0002"])
    assert "evenhand serve" in Client().get("/ready").json()["reason"]

    def away(*_args):
        raise OperationalError("secret")

    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", away)
    assert Client().get("/ready").json()["reason"] == "The database does not answer."
