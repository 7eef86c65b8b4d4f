"""People on the deliveries pages, and messages to look at."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from evenhand.desk.accounts import services as accounts
from evenhand.desk.enforcement.models import Attempt, Delivery
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import Destination, Platform

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def platform(db, monkeypatch):
    """A document with one destination, without applying one."""
    document = Platform(name="Testplace", destinations=(Destination(id="hooks", url="https://hooks.example/in"),))
    snapshot = policies.snapshot(1, document, {})
    monkeypatch.setattr(policies, "current", lambda **_: snapshot)


@pytest.fixture
def client_as(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def client_as(*roles: str) -> Client:
        user = accounts.create_user(f"{'-'.join(roles)}@example.com", roles, "four unrelated words", by="system:test")
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return client_as


@pytest.fixture
def moderator(client_as) -> Client:
    return client_as("moderator")


@pytest.fixture
def message(db):
    """A message in some state, with one attempt that failed."""

    def message(state: str = "pending", message_id: str = "msg_1", destination: str = "hooks") -> Delivery:
        now = timezone.now()
        body = json.dumps(
            {"item": {"id": "p1", "typeId": "post"}, "decisionReason": "<b>Grund & ähnliches</b>"}
        ).encode()
        row = Delivery.objects.create(
            message_id=message_id, destination=destination, kind="appeal", body=body, state=state, attempts=1,
            created_at=now, due_at=now, last_error="Answered 503: <script>no</script>",
        )  # fmt: skip
        Attempt.objects.create(delivery=row, at=now, status=503, error=row.last_error, milliseconds=12, signed_with=[7])
        return row

    return message
