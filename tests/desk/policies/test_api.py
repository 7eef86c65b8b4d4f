"""The policies as machines get them."""

import json

import msgspec
import pytest

from evenhand.desk.policies import api, queries, services
from evenhand.engine.platform import Platform, Policy, snapshot

HARBOUR = Platform(
    "Harbour",
    policies=(
        Policy("child", "Threats", parent="abuse", text="No threats.", severity="HIGH", harm=20.0, codes={"coop": "7"}),
        Policy("abuse", "Abuse", guidance="Not for others."),
        Policy("old", "Old rule", retired=True),
        Policy("orphan", "Orphan", parent="old"),
    ),
)


def body(answer) -> dict:
    return json.loads(msgspec.json.encode(answer))


def test_coop_gets_id_name_and_parent_of_what_can_be_reported():
    found = body(api.coop_policies(snapshot(1, HARBOUR, {})))
    assert found == {
        "policies": [
            {"id": "abuse", "name": "Abuse", "parentId": None},
            {"id": "child", "name": "Threats", "parentId": "abuse"},
            {"id": "orphan", "name": "Orphan", "parentId": None},
        ]
    }


@pytest.mark.django_db
def test_before_anything_is_applied_there_are_no_policies():
    assert body(api.coop_policies(queries.current(fresh=True))) == {"policies": []}
    assert body(api.policy_tree(queries.current())) == {"version": 0, "policies": []}


@pytest.mark.django_db
def test_our_own_api_tells_the_rule_its_weight_and_its_version_but_not_the_guidance():
    services.apply(HARBOUR, actor="user:ana")
    found = body(api.policy_tree(queries.current(fresh=True)))
    assert found["version"] == 1
    assert [policy["id"] for policy in found["policies"]] == ["abuse", "child", "old", "orphan"]
    assert found["policies"][1] == {
        "id": "child",
        "name": "Threats",
        "parent": "abuse",
        "version": 1,
        "text": "No threats.",
        "severity": "HIGH",
        "harm": 20.0,
        "lane": "normal",
        "child_safety": False,
        "dsa": None,
        "codes": {"coop": "7"},
        "retired": False,
    }
    assert "guidance" not in json.dumps(found)
