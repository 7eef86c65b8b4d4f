"""POST /api/v1/report and /report/appeal, GET /policies and /user_scores, POST /actions: Coop's shapes."""

from uuid import UUID

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.intake.reading.values import moment
from evenhand.engine.model import Ref, Reporter
from tests.desk.intake.conftest import WHEN, post
from tests.desk.intake.test_api_v1_items import errors

USER = {"kind": "user", "typeId": "person", "id": "r1"}


def report(**more):
    return {"reporter": USER, "reportedAt": WHEN, "reportedItem": post(), **more}


def appeal(**more):
    return {
        "appealId": "ap1",
        "appealedBy": {"typeId": "person", "id": "u1"},
        "appealedAt": WHEN,
        "actionedItem": post(),
        "actionsTaken": ["hide"],
        **more,
    }


@pytest.mark.parametrize("path", ["/v1/report", "/v1/report/"])
def test_a_report_is_kept_and_answered_with_its_id(api, path):
    response = api.post(path, report(reportedForReason={"policyId": "spam", "reason": "sells", "csam": None}))
    assert response.status_code == 201
    assert list(response.json()) == ["reportId"]
    [made] = api.bodies
    assert made.report_id == response.json()["reportId"] == str(UUID(api.events[0].id))
    assert (made.policy, made.reason, made.csam) == ("spam", "sells", False)
    assert made.reporter == Reporter("user", "r1", "person")
    assert made.reported_at == to_micros(moment(WHEN))
    assert made.item.ref == Ref("post", "p1")


def test_a_report_brings_its_thread_and_more_items(api):
    body = report(
        reportedItemThread=[post("t1"), post("t2")],
        reportedItemsInThread=[{"id": "t2", "typeId": "post"}],
        additionalItems=[{"id": "u1", "typeId": "person", "data": {}}],
    )
    assert api.post("/v1/report", body).status_code == 201
    [made] = api.bodies
    assert [item.ref.id for item in made.thread] == ["t1", "t2"]
    assert made.in_thread == (Ref("post", "t2"),)
    assert made.additional[0].ref == Ref("person", "u1")


def test_the_same_report_again_is_one_report(api):
    first, second = api.post("/v1/report", report()), api.post("/v1/report", report())
    assert first.json() == second.json()
    assert second.status_code == 201
    assert len(api.events) == 1


def test_another_moment_reason_or_key_makes_another_report(api, api_with):
    answers = [
        api.post("/v1/report", report()),
        api.post("/v1/report", report(reportedAt="2026-01-31T12:00:01Z")),
        api.post("/v1/report", report(reportedForReason={"reason": "x"})),
        api_with("report").post("/v1/report", report()),
    ]
    assert len({answer.json()["reportId"] for answer in answers}) == len(api.events) == 4


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"typeId": "person", "id": "r1"}, Reporter("user", "r1", "person")),
        ({"kind": "rule", "id": "rule-7"}, Reporter("rule", "rule-7")),
        ({"kind": "trusted_flagger", "id": "line"}, Reporter("trusted_flagger", "line")),
        ({"kind": "partner", "id": "org"}, Reporter("partner", "org")),
        ({"kind": "anonymous"}, Reporter("anonymous")),
    ],
)
def test_reporters_are_of_five_kinds_and_a_user_without_one(api, given, kept):
    assert api.post("/v1/report", report(reporter=given)).status_code == 201
    assert api.bodies[0].reporter == kept


def test_csam_needs_neither_kind_nor_media(api):
    body = report(reporter={"typeId": "person", "id": "r1"}, reportedForReason={"policyId": None, "csam": True})
    assert api.post("/v1/report", body).status_code == 201
    assert api.bodies[0].csam is True


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"reporter": {"kind": "user", "id": "r1"}}, "/reporter/typeId"),
        ({"reporter": {"typeId": "person"}}, "/reporter/id"),
        ({"reporter": {"kind": "user", "typeId": "post", "id": "r1"}}, "/reporter/typeId"),
        ({"reporter": {"kind": "partner"}}, "/reporter/id"),
        ({"reporter": {"kind": "moderator", "id": "m"}}, "/reporter/kind"),
        ({"reportedAt": "yesterday"}, "/reportedAt"),
        ({"reportedAt": ""}, "/reportedAt"),
        ({"reportedForReason": {"policyId": "no-such"}}, "/reportedForReason/policyId"),
        ({"reportedForReason": {"csam": "yes"}}, "/reportedForReason/csam"),
        ({"reportedItem": post(score="x")}, "/reportedItem"),
        ({"reportedItem": {"id": "p1", "typeId": "pots", "data": {}}}, "/reportedItem"),
        ({"reportedItemThread": [post(), post(score="x")]}, "/reportedItemThread/1"),
        ({"reportedItemThread": [{"id": "u1", "typeId": "person", "data": {}}]}, "/reportedItemThread/0/typeId"),
        ({"reportedItemsInThread": [{"id": "u1", "typeId": "no"}]}, "/reportedItemsInThread/0/typeId"),
        ({"additionalItems": [{"id": "u1", "typeId": "no", "data": {}}]}, "/additionalItems/0"),
        (
            {"reportedItem": {"id": "g1", "typeId": "group", "data": {}}, "additionalItems": [post()]},
            "/additionalItems",
        ),
    ],
)
def test_what_a_peer_would_drop_or_crash_on_is_refused_with_its_place(api, more, pointer):
    response = api.post("/v1/report", report(**more))
    assert response.status_code == 400
    assert [error["pointer"] for error in errors(response)] == [pointer]
    assert api.events == []


def test_an_appeal_is_kept_and_answered_with_an_empty_204(api):
    body = appeal(appealReason="it was a joke", violatingPolicies=[{"id": "spam"}], additionalItems=[post("p2")])
    response = api.post("/v1/report/appeal/", body)
    assert (response.status_code, response.content) == (204, b"")
    [made] = api.bodies
    assert (made.appeal_id, made.by, made.item.ref) == ("ap1", Ref("person", "u1"), Ref("post", "p1"))
    assert (made.actions, made.policies, made.reason) == (("hide",), ("spam",), "it was a joke")
    assert made.additional[0].ref.id == "p2"


def test_an_appeal_is_one_appeal_whoever_sends_it_again(api, api_with):
    assert api.post("/v1/report/appeal", appeal()).status_code == 204
    assert api_with("report").post("/v1/report/appeal", appeal()).status_code == 204
    assert len(api.events) == 1


def test_another_appeal_under_the_same_id_is_refused(api):
    api.post("/v1/report/appeal", appeal())
    response = api.post("/v1/report/appeal", appeal(appealReason="something else"))
    assert response.status_code == 409
    assert errors(response)[0]["type"] == ["/errors/conflict"]
    assert len(api.events) == 1


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"actionsTaken": ["hide", "vanish"]}, "/actionsTaken/1"),
        ({"actionsTaken": None}, "/actionsTaken"),
        ({"violatingPolicies": [{"id": "no"}]}, "/violatingPolicies/0/id"),
        ({"appealedBy": {"typeId": "post", "id": "p"}}, "/appealedBy/typeId"),
        ({"appealId": ""}, "/appealId"),
        ({"appealId": "a\n"}, "/appealId"),
        ({"actionedItem": post(score="x")}, "/actionedItem"),
    ],
)
def test_an_appeal_that_cannot_be_heard_is_refused_with_its_place(api, more, pointer):
    response = api.post("/v1/report/appeal", appeal(**more))
    assert response.status_code == 400
    assert [error["pointer"] for error in errors(response)] == [pointer]
    assert api.events == []


@pytest.mark.parametrize("path", ["/v1/policies", "/v1/policies/"])
def test_policies_are_listed_as_coop_does(api, path):
    response = api.get(path)
    assert response.status_code == 200
    listed = response.json()["policies"]
    assert listed[:2] == [
        {"id": "spam", "name": "Spam", "parentId": None},
        {"id": "scam", "name": "Scam", "parentId": "spam"},
    ]
    assert "old" not in {policy["id"] for policy in listed}


def test_a_user_score_is_a_bare_number(api):
    response = api.get("/v1/user_scores?id=u1&typeId=person")
    assert (response.status_code, response.content) == (200, b"5")
    Case.objects.create(
        item_type="post", item_id="p1", author_type="person", author_id="u1", state="closed", outcome="upheld",
        opened_at=now_micros(), changed_at=now_micros(),
    )  # fmt: skip
    assert api.get("/v1/user_scores/?id=u1&typeId=person").content == b"4"


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("", ["/id", "/typeId"]),
        ("?id=u1", ["/typeId"]),
        ("?id=u1&typeId=no", ["/typeId"]),
        ("?id=u1&typeId=post", ["/typeId"]),
        ("?id=%00&typeId=person", ["/id"]),
    ],
)
def test_a_user_score_of_nobody_is_400_never_500(api, query, pointers):
    response = api.get(f"/v1/user_scores{query}")
    assert response.status_code == 400
    assert [error["pointer"] for error in errors(response)] == pointers


def action(**more):
    return {"actionId": "hide", "itemId": "p1", "itemTypeId": "post", **more}


def test_an_action_is_taken_and_answered_with_an_empty_202(api):
    body = action(
        policyIds=["spam"],
        reportedItems=[{"id": "p2", "typeId": "post"}],
        actorId="mod-1",
        parameters={"label": "blue"},
        note="by hand",
    )
    response = api.post("/v1/actions/", body)
    assert (response.status_code, response.content) == (202, b"")
    decision = Decision.objects.get()
    assert (decision.item_id, decision.policy, decision.reason, decision.key_name) == (
        "p1", "spam", "by hand", "platform",
    )  # fmt: skip
    assert {(taken.item_id, taken.parameters["label"]) for taken in decision.actions.all()} == {
        ("p1", "blue"), ("p2", "blue"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"actionId": "vanish"}, "/actionId"),
        ({"itemTypeId": "pots"}, "/itemTypeId"),
        ({"policyIds": ["spam", "no"]}, "/policyIds/1"),
        ({"reportedItems": [{"id": "", "typeId": "post"}]}, "/reportedItems/0/id"),
        ({"parameters": {"label": "green"}}, "/parameters"),
        ({"parameters": {"colour": "red"}}, "/parameters"),
        ({"actionId": "ban"}, "/actionId"),
    ],
)
def test_an_action_that_cannot_be_taken_is_refused_and_nothing_is_decided(api, more, pointer):
    response = api.post("/v1/actions", action(**more))
    assert response.status_code == 400
    assert [error.get("pointer", "") for error in errors(response)] == [pointer]
    assert not Decision.objects.exists()


def test_an_action_is_told_all_that_is_wrong_with_it_at_once(api):
    wrong = action(itemId=1, policyIds=["spam", "no", 5], parameters={"label": "green", "colour": "red"})
    told = [error["pointer"] for error in errors(api.post("/v1/actions", wrong))]
    assert told == ["/itemId", "/policyIds/2", "/policyIds/1", "/parameters", "/parameters"]
    told = [error["pointer"] for error in errors(api.post("/v1/actions", action(actionId="ban", itemTypeId=5)))]
    assert told == ["/itemTypeId"]


def test_an_idempotency_key_makes_one_action_of_a_repeated_request(api):
    for _ in range(2):
        assert api.post("/v1/actions", action(), Idempotency_Key="k1").status_code == 202
    assert Decision.objects.count() == 1
    for changed in (action(itemId="p2"), action(note="x"), action(actionId="show")):
        assert api.post("/v1/actions", changed, Idempotency_Key="k1").status_code == 422
    assert Decision.objects.count() == 1
