"""What the API's documentation says is so: examples are taken, webhooks look like that, every link leads somewhere."""

import json
import re
from importlib import resources
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from django.urls import resolve
from django.utils.timezone import now

from evenhand.connectors.webhooks.bodies import render
from evenhand.desk.accounts import services as accounts
from evenhand.desk.cases.models import Case, Cluster
from evenhand.desk.intake.api.refusals import KINDS
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.desk.web.openapi.document import document
from evenhand.desk.web.openapi.operations import OPERATIONS
from evenhand.desk.web.openapi.webhooks import ActionWebhook, AppealWebhook
from tests.desk.intake.conftest import Api

HOW_TO = (Path(__file__).parents[3] / "docs/how-to/switch-from-coop.md").read_text("utf-8")
TAKING = [operation for operation in OPERATIONS if any("json" in one for one in operation.takes)]
ACTION = {
    "id": "a1",
    "action": {"id": "remove", "name": "Remove", "parameters": {"days": 3}, "custom": {"team": "blue"}},
    "undoes": "a0",
    "item": {"id": "p1", "typeId": "post", "typeName": "Post"},
    "creator": {"id": "u1", "typeId": "user"},
    "policies": [{"id": "spam", "name": "Spam", "penalty": "LOW"}],
    "decision": {"id": "d1", "kind": "act", "decidedAt": 1, "policyVersion": 7, "reason": "sells"},
    "actor": "calm-otter-12",
    "byPerson": True,
    "reporters": [{"id": "u2", "typeId": "user"}],
    "note": "n",
}
APPEAL = {
    "appealId": "ap1",
    "appealDecision": "ACCEPT",
    "appealedBy": {"id": "u1", "typeId": "user"},
    "item": {"id": "p1", "typeId": "post"},
    "decisionReason": "it quotes",
    "decision": "d1",
}


def applied(text, log):
    policy_services.apply(policy_services.read(text), actor="system:test", expect=None)
    policies.current(fresh=True)
    person = accounts.create_user("docs@example.com", roles=["moderator"], by="system:test")
    return Api(accounts.create_key("docs", accounts.SCOPES, by="system:test", acts_as=person), log)


@pytest.mark.parametrize("operation", TAKING, ids=lambda operation: operation.name)
def test_every_example_is_taken_by_a_desk_with_the_demos_document(operation, db, log):
    api = applied((resources.files("evenhand.data") / "demo" / "platform.toml").read_text("utf-8"), log)
    queue = next(one.id for one in policies.current().queues.values() if "moderator" in one.roles)
    cluster = Cluster.objects.create(pk=481, opened_at=now())
    told = {"item_type": "post", "item_id": "post-1", "opened_at": now(), "changed_at": now()}
    case = Case.objects.create(pk=481, cluster=cluster, queue=queue, **told)
    response = api.post(operation.path.format(id=case.pk), operation.example, next(iter(operation.takes)))
    assert response.status_code in operation.answers


def test_the_way_from_coop_works_as_it_is_written(db, log):
    api = applied("\n".join(re.findall(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)), log)
    [(path, body)] = re.findall(r"POST /api(\S+)\n.*?\n\n(.*?)```", HOW_TO, re.DOTALL)
    assert api.post(path, json.loads(body)).status_code == 201
    assert api.bodies[0].item.creator.id == "u1"


@pytest.mark.parametrize("by_person", [True, False])
@pytest.mark.parametrize("signature", ["v1a", "coop"])
def test_webhooks_have_the_shapes_that_are_documented(signature, by_person):
    strict = {shape: msgspec.defstruct("Strict", [], bases=(shape,), forbid_unknown_fields=True, rename="camel")
              for shape in (ActionWebhook, AppealWebhook)}  # fmt: skip
    msgspec.json.decode(render("action", {**ACTION, "byPerson": by_person}, signature), type=strict[ActionWebhook])
    msgspec.json.decode(render("appeal", APPEAL, signature), type=strict[AppealWebhook])


def test_every_reference_in_the_document_leads_somewhere():
    written = msgspec.json.encode(document()).decode()
    components = document()["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', written)) <= set(components)
    assert document()["openapi"] == "3.1.0"
    assert set(document()["webhooks"]) == {"action", "appeal"}


def test_every_operation_has_a_name_of_its_own():
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


def test_the_page_shows_every_operation_problem_and_shape(db):
    response = Client().get("/api/docs")
    assert response.status_code == 200
    page = response.content.decode()
    anchors = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert {operation.name for operation in OPERATIONS} <= set(anchors)
    assert {f"problem-{kind.slug}" for kind in KINDS} <= set(anchors)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert "<script" not in page


def test_the_document_is_for_everybody(db):
    response = Client().get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == json.loads(msgspec.json.encode(document()))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_headings_of_the_reference_are_the_addresses_themselves(version):
    reference = (Path(__file__).parents[3] / f"docs/reference/api-{version}.md").read_text("utf-8")
    told = set(re.findall(r"^### `(\w+) (/\S+)`$", reference, re.MULTILINE))
    assert told == {(one.method, f"/api{one.path}") for one in OPERATIONS if one.version == version}
    for _method, path in told:
        assert resolve(re.sub(r"\{\w+\}", "x", path))
