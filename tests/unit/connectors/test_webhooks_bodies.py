"""What a webhook says: Coop's shape exactly for who expects Coop, and the same with more for all others."""

import json
from typing import Any

import pytest

from evenhand.connectors.webhooks.bodies import render

ACTION: dict[str, Any] = {
    "id": "a" * 32,
    "action": {"id": "remove", "name": "Remove", "parameters": {"days": 3}, "custom": {"team": "blue"}},
    "undoes": None,
    "item": {"id": "p1", "typeId": "post", "typeName": "Post"},
    "creator": {"id": "u1", "typeId": "user"},
    "policies": [{"id": "harassment", "name": "Harassment", "penalty": "NONE"}],
    "decision": {
        "id": "d" * 32,
        "kind": "act",
        "decidedAt": 1_700_000_000_123_456,
        "policyVersion": 7,
        "reason": "because",
    },
    "actor": "calm-otter",
    "byPerson": True,
    "reporters": [{"id": "r2", "typeId": "user"}],
    "note": "",
}
APPEAL = {
    "appealId": "ap1",
    "appealDecision": "ACCEPT",
    "appealedBy": {"id": "u1", "typeId": "user"},
    "item": {"id": "p1", "typeId": "post"},
    "decisionReason": "context was missing",
    "decision": "d" * 32,
}
IGNORE = {"item": {"id": "p1", "typeId": "post"}, "data": {"text": "hello"}, "decision": "d" * 32}


def coop(kind: str, message: dict[str, Any]) -> Any:
    return json.loads(render(kind, message, "coop"))


def test_a_moderators_decision_has_coops_keys_and_no_others() -> None:
    assert coop("action", ACTION) == {
        "action": {"id": "remove"},
        "actorEmail": "calm-otter@evenhand.invalid",
        "creator": {"id": "u1", "typeId": "user"},
        "custom": {
            "reason": "because",
            "reportHistory": [{"reporter": {"id": "r2", "typeId": "user"}}],
            "team": "blue",
            "days": 3,
        },
        "decisionReason": "because",
        "item": {"id": "p1", "typeId": "post", "typeName": "Post"},
        "policies": [{"id": "harassment", "name": "Harassment", "penalty": "NONE"}],
        "rules": [],
        "userStrikeCount": 0,
    }


def test_an_action_of_a_program_has_coops_shorter_keys() -> None:
    message = ACTION | {"byPerson": False, "actor": "my-key", "note": "by hand", "creator": None}
    assert coop("action", message) == {
        "action": {"id": "remove"},
        "actorNote": "by hand",
        "custom": {"team": "blue", "days": 3},
        "item": ACTION["item"],
        "policies": ACTION["policies"],
        "rules": [],
    }


def test_what_is_not_known_is_left_out() -> None:
    decision = ACTION["decision"] | {"reason": ""}
    body = coop("action", ACTION | {"decision": decision, "creator": None, "reporters": []})
    assert not body.keys() & {"decisionReason", "creator", "actorNote"}
    assert body["custom"] == {"reportHistory": [], "team": "blue", "days": 3}


def test_an_appeal_has_coops_keys_and_no_others() -> None:
    assert coop("appeal", APPEAL) == {
        "appealDecision": "ACCEPT",
        "appealId": "ap1",
        "appealedBy": {"id": "u1", "typeId": "user"},
        "custom": {},
        "item": {"id": "p1", "typeId": "post"},
    }


def test_an_ignored_item_has_coops_keys_and_no_others() -> None:
    assert coop("ignore", IGNORE) == {"id": "p1", "typeId": "post", "data": {"text": "hello"}}


@pytest.mark.parametrize(("kind", "message"), [("action", ACTION), ("appeal", APPEAL), ("ignore", IGNORE)])
def test_others_get_all_of_coops_keys_and_more(kind: str, message: dict[str, Any]) -> None:
    narrow, wide = coop(kind, message), json.loads(render(kind, message, "v1a"))
    assert {key: wide[key] for key in narrow} == narrow
    assert wide["type"] == kind
    assert wide["decision"]["id"] == "d" * 32


def test_others_are_told_the_decision_and_its_reasons() -> None:
    body = json.loads(render("action", ACTION | {"undoes": "b" * 32}, "v1"))
    assert body["id"] == "a" * 32
    assert body["undoes"] == "b" * 32
    assert body["parameters"] == {"days": 3}
    assert body["decision"] == {
        "id": "d" * 32,
        "kind": "act",
        "decidedAt": "2023-11-14T22:13:20.123Z",
        "policyVersion": 7,
        "actor": "calm-otter",
    }
    assert body["statementOfReasons"] == {
        "explanation": "because",
        "policies": [{"id": "harassment", "name": "Harassment"}],
        "policyVersion": 7,
        "afterReports": True,
        "automatedDecision": False,
    }


def test_keys_are_sorted_at_every_depth_so_the_bytes_are_the_same_each_time() -> None:
    body = render("action", ACTION, "v1a")
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()


def test_a_test_says_that_nothing_was_decided() -> None:
    assert json.loads(render("test", {}, "v1a"))["type"] == "test"


def test_there_is_no_body_of_an_unknown_kind() -> None:
    with pytest.raises(KeyError):
        render("surprise", {}, "v1a")


def test_a_hold_tells_until_when_and_what_the_held_person_may_be_told() -> None:
    told = {"en": "This is hidden for now.", "de": "Dies ist vorerst verborgen."}
    message = ACTION | {"byPerson": False, "hold": {"until": 1_700_000_000_000_000, "statements": told}}
    body = json.loads(render("action", message, "v1a"))
    assert body["hold"] == {"until": "2023-11-14T22:13:20.000Z", "statements": told}
    assert "hold" not in coop("action", message)
    assert "hold" not in json.loads(render("action", ACTION | {"hold": None}, "v1a"))


def test_what_the_judged_person_is_told_goes_along_whole() -> None:
    told = {"text": "It broke a rule.", "language": "en", "template": "mine"}
    body = json.loads(render("action", ACTION | {"told": told}, "v1a"))
    assert body["statementOfReasons"]["message"] == told
    assert "message" not in json.dumps(coop("action", ACTION | {"told": told}))
    assert "message" not in json.loads(render("action", ACTION | {"told": None}, "v1a"))["statementOfReasons"]
