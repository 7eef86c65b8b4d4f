"""POST /api/v2/events: CloudEvents in structured, batched and binary mode."""

import json

import pytest

from evenhand.engine.model import AppealMade, ItemSent, ReportMade
from tests.desk.intake.conftest import WHEN, v2_post
from tests.desk.intake.test_api_v2 import appeal, pointers, problem, report, results

ONE = "application/cloudevents+json"
MANY = "application/cloudevents-batch+json"
DATA = {"item.sent": v2_post, "report.made": report, "appeal.made": appeal}


def event(id_="e1", kind="item.sent", **more):
    return {
        "specversion": "1.0", "id": id_, "source": "/posts", "type": f"evenhand.{kind}.v2", "time": WHEN,
        "data": DATA[kind](), **more,
    }  # fmt: skip


def test_a_structured_event_becomes_what_its_type_says(api):
    for kind, body in (("item.sent", ItemSent), ("report.made", ReportMade), ("appeal.made", AppealMade)):
        told = results(api.post("/v2/events", event(kind, kind), ONE))
        assert told == [{"index": 0, "id": kind, "status": "accepted"}]
        assert isinstance(api.bodies[-1], body)


def test_source_and_id_make_one_event(api):
    batch = [event("e1"), event("e2"), event("e1"), event("e1", source="/other")]
    told = results(api.post("/v2/events", batch, MANY))
    assert [one["status"] for one in told] == ["accepted", "accepted", "duplicate", "accepted"]
    assert results(api.post("/v2/events", event("e2"), ONE))[0]["status"] == "duplicate"
    assert len(api.events) == 3


def test_in_binary_mode_the_attributes_are_headers(api):
    headers = {"ce_specversion": "1.0", "ce_id": "e%201", "ce_source": "/posts", "ce_type": "evenhand.item.sent.v2"}
    assert results(api.post("/v2/events", v2_post(), **headers)) == [{"index": 0, "id": "e 1", "status": "accepted"}]
    assert pointers(api.post("/v2/events", v2_post(score="x"), **headers | {"ce_id": "e2"})) == ["/data/score"]
    assert "ce-type" in problem(api.post("/v2/events", v2_post(), **headers | {"ce_type": "other"}))["detail"]
    headers.pop("ce_id")
    assert "headers ce-id;" in problem(api.post("/v2/events", v2_post(), **headers))["detail"]


def test_a_batch_is_kept_whole_or_not_at_all(api):
    batch = [
        event("e1"),
        event("e2", data=v2_post(score="x")),
        event("e3", kind="report.made", data=report(policy="no")),
    ]
    assert pointers(api.post("/v2/events", batch, MANY)) == ["/1/data/data/score", "/2/data/policy"]
    assert api.events == []


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"type": "com.example.other"}, "/type"),
        ({"id": ""}, "/id"),
        ({"source": None}, "/source"),
        ({"data": {"type": "group"}}, "/data/id"),
        ({"data": v2_post(score="x")}, "/data/data/score"),
    ],
)
def test_an_event_is_refused_where_it_is_wrong(api, more, where):
    assert pointers(api.post("/v2/events", event(**more), ONE)) == [where]
    assert pointers(api.post("/v2/events", [event("e0"), event(**more)], MANY)) == [f"/1{where}"]
    assert api.events == []


def test_extensions_are_ignored(api):
    assert results(api.post("/v2/events", event(traceparent="00-ab", dataschema="/s"), ONE))


def test_an_empty_batch_is_refused(api):
    assert "1 to 10,000 events" in problem(api.post("/v2/events", [], MANY))["detail"]


def test_each_kind_of_event_needs_its_scope(api_with):
    ingest, reports = api_with("ingest"), api_with("report")
    both = [event("e1"), event("e2", "report.made")]
    assert results(ingest.post("/v2/events", event("e3"), ONE))
    assert results(reports.post("/v2/events", event("e4", "report.made"), ONE))
    problem(ingest.post("/v2/events", both, MANY), 403)
    problem(reports.post("/v2/events", both, MANY), 403)
    problem(api_with("read").post("/v2/events", both, MANY), 403)
    assert len(ingest.events) == 2


def test_an_appeal_by_event_is_known_by_its_own_id(api):
    assert results(api.post("/v2/appeals", appeal()))
    assert results(api.post("/v2/events", event("e1", "appeal.made"), ONE))[0]["status"] == "duplicate"
    changed = event("e2", "appeal.made", data=appeal(reason="other"))
    problem(api.post("/v2/events", changed, ONE), 409)


def test_an_event_sent_as_plain_json_is_told_how_to_send_it(api):
    assert ONE in problem(api.post("/v2/events", json.dumps(event()).encode()))["detail"]
