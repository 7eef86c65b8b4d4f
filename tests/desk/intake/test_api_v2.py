"""POST /api/v2/items, /reports, /appeals, /actions: a result for each thing sent."""

import pytest

from evenhand.desk.enforcement.models import Decision
from evenhand.desk.policies import services
from evenhand.engine.model import Ref, Reporter
from tests.desk.intake.conftest import DOCUMENT, WHEN, v2_post


def report(**more):
    return {"reporter": {"type": "person", "id": "r1"}, "reported_at": WHEN, "item": v2_post(), **more}


def appeal(**more):
    return {
        "appeal_id": "ap1",
        "by": {"type": "person", "id": "u1"},
        "appealed_at": WHEN,
        "item": v2_post(),
        "actions": ["hide"],
        **more,
    }


def problem(response, status=400):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["type"].startswith("/api/docs#problem-")
    assert body["instance"] == f"urn:uuid:{response.headers['X-Request-Id']}"
    return body


def pointers(response, status=400):
    return [error["pointer"] for error in problem(response, status)["errors"]]


def results(response, status=202):
    assert response.status_code == status
    return response.json()["results"]


def test_one_item_or_a_batch_each_with_its_result(api):
    assert results(api.post("/v2/items", v2_post("p1"))) == [{"index": 0, "id": "p1", "status": "accepted"}]
    batch = results(api.post("/v2/items", {"items": [v2_post("p2"), v2_post("p3")]}))
    assert [(one["index"], one["id"], one["status"]) for one in batch] == [(0, "p2", "accepted"), (1, "p3", "accepted")]
    assert [body.item.ref.id for body in api.bodies] == ["p1", "p2", "p3"]


def test_a_batch_is_atomic_and_tells_every_mistake_with_an_example(api):
    batch = {"items": [v2_post("p1"), v2_post("p2", score="x"), {"typeId": "post", "id": "p3"}]}
    response = api.post("/v2/items", batch)
    assert pointers(response) == ["/items/1/data/score", "/items/2/type", "/items/2/typeId"]
    assert "did you mean `type`?" in response.json()["errors"][2]["reason"]
    batch["items"].pop()
    [error] = problem(api.post("/v2/items", batch))["errors"]
    assert (error["pointer"], error["example"]) == ("/items/1/data/score", 13)
    assert api.events == []


def test_what_is_wrong_around_the_things_is_told_with_them_and_keeps_all_out(api):
    batch = {"items": [v2_post("p1"), v2_post("p2", score="x"), {"type": "pots", "id": ""}], "more": 1}
    for query in ("", "?atomic=false"):
        told = pointers(api.post(f"/v2/items{query}", batch))
        assert told == ["/more", "/items/1/data/score", "/items/2/id", "/items/2/type"]
    assert api.events == []


def test_a_report_is_told_all_that_is_wrong_with_its_shape_and_its_meaning_at_once(api):
    wrong = report(
        reporter={"kind": "robot", "id": "r1"}, policy="spum", csam="yes", thread=[v2_post("t1", link="x"), 5],
        in_thread=[{"type": "pots", "id": "t1"}], reported_at="soon",
    )  # fmt: skip
    where = ["/reporter/kind", "/csam", "/thread/1", "/thread/0/data/link", "/in_thread/0/type", "/policy",
             "/reported_at"]  # fmt: skip
    assert pointers(api.post("/v2/reports", wrong)) == where
    batch = pointers(api.post("/v2/reports", {"reports": [report(), wrong, report(policy="spum")]}))
    assert batch == [*(f"/reports/1{place}" for place in where), "/reports/2/policy"]


def test_an_appeal_is_told_all_that_is_wrong_with_it_at_once(api):
    wrong = appeal(by={"type": "post", "id": "u1"}, actions=["hade", 5], policies="spam", appeal_id=7)
    assert pointers(api.post("/v2/appeals", wrong)) == [
        "/appeal_id",
        "/actions/1",
        "/policies",
        "/by/type",
        "/actions/0",
    ]


def test_without_atomicity_the_good_are_kept_and_the_others_told(api):
    batch = {"items": [v2_post("p1"), v2_post("p2", score="x"), {"id": "p3"}, 7, v2_post("p5")]}
    told = results(api.post("/v2/items?atomic=false", batch), 207)
    assert [(one["id"], one["status"]) for one in told] == [
        ("p1", "accepted"), ("p2", "refused"), ("p3", "refused"), ("", "refused"), ("p5", "accepted"),
    ]  # fmt: skip
    assert [error["pointer"] for one in told for error in one.get("errors", ())] == [
        "/items/1/data/score", "/items/2/type", "/items/3",
    ]  # fmt: skip
    assert [body.item.ref.id for body in api.bodies] == ["p1", "p5"]


def test_a_batch_of_which_nothing_can_be_kept_is_a_problem(api):
    assert pointers(api.post("/v2/items?atomic=false", {"items": [{"id": "p1"}, 7]})) == ["/items/0/type", "/items/1"]


@pytest.mark.parametrize("body", [{"items": []}, {"items": 5}, {"items": [v2_post()], "more": 1}, [], 5, None, "x"])
def test_a_body_of_another_shape_is_refused(api, body):
    for query in ("", "?atomic=false"):
        problem(api.post(f"/v2/items{query}", body))
    assert api.events == []


def test_the_question_of_atomicity_has_two_answers(api):
    assert "atomic" in problem(api.post("/v2/items?atomic=maybe", {"items": [v2_post()]}))["detail"]


def test_an_item_may_be_partial_or_without_data(api):
    assert pointers(api.post("/v2/items", {"type": "post", "id": "p1"})) == ["/data/title"]
    assert results(api.post("/v2/items", {"type": "post", "id": "p1", "partial": True}))
    assert results(api.post("/v2/items", {"type": "group", "id": "g1"}))
    assert [body.item.partial for body in api.bodies] == [True, False]


def test_a_report_has_every_part_under_its_own_name(api):
    body = report(
        policy="spam", reason="sells", csam=True, thread=[v2_post("t1")], in_thread=[{"type": "post", "id": "t1"}],
        additional=[{"type": "person", "id": "u1"}],
    )  # fmt: skip
    [result] = results(api.post("/v2/reports", body))
    [made] = api.bodies
    assert made.report_id == result["id"]
    assert made.reporter == Reporter("user", "r1", "person")
    assert (made.policy, made.reason, made.csam) == ("spam", "sells", True)
    assert (made.thread[0].ref.id, made.in_thread, made.additional[0].ref.id) == ("t1", (Ref("post", "t1"),), "u1")


def test_the_same_report_again_is_a_duplicate_with_the_same_id(api):
    [first] = results(api.post("/v2/reports", report()))
    batch = results(api.post("/v2/reports", {"reports": [report(), report(reason="x"), report(reason="x")]}))
    assert [one["status"] for one in batch] == ["duplicate", "accepted", "duplicate"]
    assert batch[0]["id"] == first["id"]
    assert batch[1]["id"] == batch[2]["id"]
    assert len(api.events) == 2


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"reporter": {"kind": "partner"}}, ["/reporter/id"]),
        ({"reporter": {"id": "u1"}}, ["/reporter/type"]),
        ({"policy": "no"}, ["/policy"]),
        ({"item": v2_post(score="x")}, ["/item/data/score"]),
        ({"thread": [{"type": "person", "id": "u1"}]}, ["/thread/0/type"]),
        ({"in_thread": [{"type": "no", "id": "u1"}]}, ["/in_thread/0/type"]),
        ({"item": {"type": "group", "id": "g"}, "additional": [v2_post()]}, ["/additional"]),
        ({"reported_at": "soon"}, ["/reported_at"]),
        ({"reason": "data:image/png;base64,AA"}, ["/reason"]),
        ({"reportedAt": WHEN}, ["/reportedAt"]),
    ],
)
def test_a_report_is_refused_where_it_is_wrong(api, more, where):
    assert pointers(api.post("/v2/reports", report(**more))) == where
    assert api.events == []


def test_an_appeal_is_known_by_its_id(api):
    assert results(api.post("/v2/appeals", appeal())) == [{"index": 0, "id": "ap1", "status": "accepted"}]
    assert results(api.post("/v2/appeals", appeal()))[0]["status"] == "duplicate"
    assert "Nothing was kept" in problem(api.post("/v2/appeals", appeal(reason="other")), 409)["detail"]
    assert len(api.events) == 1


def test_an_appeal_names_only_what_exists(api):
    body = appeal(actions=["no"], policies=["no"], by={"type": "post", "id": "p"})
    assert pointers(api.post("/v2/appeals", body)) == ["/by/type", "/actions/0", "/policies/0"]


def test_both_versions_know_an_appeal_as_the_same(api):
    old = {
        "appealId": "ap1",
        "appealedBy": {"typeId": "person", "id": "u1"},
        "appealedAt": WHEN,
        "actionedItem": {"id": "p1", "typeId": "post", "data": {"title": "Hello"}},
        "actionsTaken": ["hide"],
    }
    assert api.post("/v1/report/appeal", old).status_code == 204
    assert results(api.post("/v2/appeals", appeal()))[0]["status"] == "duplicate"


def test_an_idempotency_key_makes_one_request_of_many(api):
    batch = {"items": [v2_post("p1"), v2_post("p2")]}
    first = results(api.post("/v2/items", batch, Idempotency_Key="k1"))
    again = results(api.post("/v2/items", batch, Idempotency_Key="k1"))
    assert [one["status"] for one in first + again] == ["accepted", "accepted", "duplicate", "duplicate"]
    longer = {"items": [*batch["items"], v2_post("p3")]}
    assert [one["status"] for one in results(api.post("/v2/items", longer, Idempotency_Key="k1"))][-1] == "accepted"
    assert len(api.events) == 3


def test_an_idempotency_key_is_never_two_requests(api, api_with):
    api.post("/v2/items", v2_post("p1"), Idempotency_Key="k1")
    body = problem(api.post("/v2/items", {"items": [v2_post("p2")]}, Idempotency_Key="k1"), 422)
    assert body["type"] == "/api/docs#problem-idempotency-key-reused"
    assert len(api.events) == 1
    assert results(api_with("ingest").post("/v2/items", v2_post("p2"), Idempotency_Key="k1"))
    assert len(api.events) == 2


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ä"])
def test_an_idempotency_key_that_is_none_is_refused(api, key):
    assert "Idempotency-Key" in problem(api.post("/v2/items", v2_post(), Idempotency_Key=key))["detail"]


def test_a_newer_document_is_no_other_request(api, place):
    api.post("/v2/items", v2_post("p1"), Idempotency_Key="k1")
    services.apply(services.read(DOCUMENT.replace("Testplace", "Newplace")), actor="system:test", expect=None)
    assert results(api.post("/v2/items", v2_post("p1"), Idempotency_Key="k1"))[0]["status"] == "duplicate"


def test_what_a_newer_document_knows_is_not_refused(api, place):
    assert pointers(api.post("/v2/items", {"type": "page", "id": "x"})) == ["/type"]
    services.apply(services.read(DOCUMENT.replace('id = "group"', 'id = "page"')), actor="system:test", expect=None)
    assert results(api.post("/v2/items", {"type": "page", "id": "x"}))


def test_an_action_is_answered_with_its_decision(api):
    body = {"action": "hide", "item": {"type": "post", "id": "p1"}, "policies": ["spam"], "note": "n"}
    response = api.post("/v2/actions", body, Idempotency_Key="k1")
    assert response.status_code == 202
    assert response.json() == {"decision": Decision.objects.get().uid, "waiting": False}
    assert api.post("/v2/actions", body, Idempotency_Key="k1").json() == response.json()
    problem(api.post("/v2/actions", {**body, "action": "show"}, Idempotency_Key="k1"), 422)
    assert Decision.objects.count() == 1


def test_an_action_of_two_people_waits(api):
    body = {"action": "ban", "item": {"type": "person", "id": "u1"}}
    assert api.post("/v2/actions", body).json()["waiting"] is True


def test_an_action_is_refused_where_it_is_wrong(api):
    body = {"action": "no", "item": {"type": "no", "id": "p1"}, "policies": ["no"], "parameters": {"a": "data:image/x"}}
    assert pointers(api.post("/v2/actions", body)) == ["/item/type", "/policies/0", "/action", "/parameters/a"]
    assert not Decision.objects.exists()
