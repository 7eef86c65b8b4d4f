"""People's passwords hashed quickly, and nothing remembered from another test."""

import pytest

from evenhand.desk.accounts import queries
from evenhand.desk.accounts.key_cache import CACHE
from evenhand.desk.audit import queries as audit

BY = "system:test"


@pytest.fixture(autouse=True)
def _quick_and_forgetful(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHE.clear()
    queries._touch_after.clear()


@pytest.fixture
def told():
    """What the ledger tells, oldest first: (act, actor, object)."""

    def read() -> list[tuple[str, str, str]]:
        return [(row.act, row.actor, row.obj) for row in reversed(audit.page(limit=100).rows)]

    return read
