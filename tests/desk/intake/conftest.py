"""A platform with posts, people and groups, keys of each scope, and a client that speaks JSON."""

import json
from typing import Any

import pytest
from django.test import Client

from evenhand.desk.accounts import services as accounts
from evenhand.desk.intake import services as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies import services as policy_services
from evenhand.engine.model import Event
from evenhand.runtime.eventlog import EventLog, to_event

DOCUMENT = """
name = "Testplace"

[[item_types]]
id = "post"
name = "Post"
kind = "content"
fields = [
  { name = "title", type = "STRING", required = true },
  { name = "author", type = "USER_ID", role = "creator" },
  { name = "group", type = "RELATED_ITEM", role = "thread" },
  { name = "posted", type = "DATETIME", role = "created_at" },
  { name = "score", type = "NUMBER" },
  { name = "link", type = "URL" },
]

[[item_types]]
id = "person"
name = "Person"
kind = "user"
fields = [{ name = "handle", type = "STRING", role = "name" }]

[[item_types]]
id = "group"
name = "Group"
kind = "thread"
fields = [{ name = "title", type = "STRING", role = "name" }]

[[policies]]
id = "spam"
name = "Spam"

[[policies]]
id = "scam"
name = "Scam"
parent = "spam"

[[policies]]
id = "old"
name = "Old rule"
retired = true

[[policies]]
id = "minors"
name = "Child safety"
child_safety = true

[[actions]]
id = "hide"
name = "Hide"
destination = "hooks"
undo = "show"
parameters = [
  { name = "label", type = "SELECT", options = ["red", "blue"], default = "red" },
]

[[actions]]
id = "show"
name = "Show"
destination = "hooks"
undo = "hide"

[[actions]]
id = "ban"
name = "Ban"
destination = "hooks"
applies_to = ["person"]
two_person = true

[[destinations]]
id = "hooks"
url = "http://127.0.0.1:9/hooks"

[[queues]]
id = "minors"
name = "Child safety"
policies = ["minors"]
roles = ["child_safety"]
"""
WHEN = "2026-01-31T12:00:00Z"


def post(id_: str = "p1", **data: Any) -> dict[str, Any]:
    """An item as v1 takes it."""
    return {"id": id_, "typeId": "post", "data": {"title": "Hello", **data}}


def v2_post(id_: str = "p1", **data: Any) -> dict[str, Any]:
    return {"id": id_, "type": "post", "data": {"title": "Hello", **data}}


class Api:
    """A client with a key; what it sent is in `events`."""

    def __init__(self, key: str, log: EventLog) -> None:
        self.key = key
        self._log = log
        self._client = Client(raise_request_exception=False)

    def post(self, path: str, body: Any, content_type: str = "application/json", **headers: str):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.post(f"/api{path}", data, content_type, headers=self._headers(headers))

    def get(self, path: str, **headers: str):
        return self._client.get(f"/api{path}", headers=self._headers(headers))

    def call(self, method: str, path: str, **headers: str):
        return self._client.generic(method, f"/api{path}", headers=self._headers(headers))

    def with_key(self, key: str) -> "Api":
        return Api(key, self._log)

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {"X-API-KEY": self.key, **{name.replace("_", "-"): value for name, value in headers.items()}}

    @property
    def events(self) -> list[Event]:
        return [to_event(row) for row in self._log.read(0, "", 1000).rows]

    @property
    def bodies(self) -> list[Any]:
        return [event.body for event in self.events]


@pytest.fixture
def place(db):
    """The document in force. Gives its snapshot."""
    policy_services.apply(policy_services.read(DOCUMENT), actor="system:test", expect=None)
    return policies.current(fresh=True)


@pytest.fixture
def api(place, log) -> Api:
    """A client whose key may do everything."""
    assert intake.event_log() is log
    return Api(accounts.create_key("platform", ["ingest", "report", "act", "read"], by="system:test"), log)


@pytest.fixture
def api_with(api):
    """A client whose key has these scopes alone."""

    def make(*scopes: str) -> Api:
        return api.with_key(accounts.create_key("-".join(scopes), scopes, by="system:test"))

    return make
