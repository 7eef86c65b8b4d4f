"""A small note does not wait behind whoever holds SQLite's write lock."""

import sqlite3
import time

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from evenhand.desk.accounts import services

ApiKey = apps.get_model("accounts", "ApiKey")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has many writers"),
]


@pytest.fixture
def somebody_writes():
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_last_use_gives_up_soon_and_the_usual_patience_is_restored(request):
    ApiKey.objects.create(name="web", created_at=timezone.now())
    request.getfixturevalue("somebody_writes")
    began = time.monotonic()
    assert not services.touch_key("web")
    assert time.monotonic() - began < 1
    assert ApiKey.objects.get().last_used_at is None
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
