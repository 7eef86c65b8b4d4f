"""Fixtures for every room: a PostgreSQL database, a browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from django.utils import translation
from hypothesis import HealthCheck, settings

from evenhand.desk.intake.services import event_log as process_log
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries as rules
from tests.support import chromium as browser
from tests.support import flush, postgres

EXAMPLES = int(os.environ.get("EVENHAND_TEST_EXAMPLES", "40"))
"""How many examples a law is tried on that does not say so itself. The full form: 1,000."""
settings.register_profile(
    "shared machine", max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared machine")
ON_BOTH_DATABASES = ("desk", "contract")
"""Folders whose tests run a second time with DATABASE_URL on PostgreSQL."""
SLOWEST = {"faults": 0, "e2e": 1, "http": 2}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slowest rooms first, so that no worker is left alone with one of them at the end. In the second run, only
    what depends on the database."""
    items.sort(key=lambda item: SLOWEST.get(item.path.relative_to(Path(__file__).parent).parts[0], len(SLOWEST)))
    if os.environ.get("EVENHAND_TEST_ONLY") != "database":
        return
    rooms = tuple(Path(__file__).parent / name for name in ON_BOTH_DATABASES)
    kept = [item for item in items if any(item.path.is_relative_to(room) for room in rooms)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def _databases_can_be_emptied() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush.past_the_triggers)
        patch.setattr(PostgresCreation, "_destroy_test_db", flush.drop_whoever_looks)
        yield


@pytest.fixture(autouse=True)
def _no_platform_from_another_test() -> None:
    """What the process remembers of documents and rules was rolled back with the test that applied them."""
    policies.forget()
    rules.forget()


@pytest.fixture(autouse=True)
def _no_log_from_another_test() -> Iterator[None]:
    """A test that had none of its own has opened the process's: on PostgreSQL its connections keep the test database
    from being dropped."""
    yield
    if process_log.cache_info().currsize:
        process_log().close()
        process_log.cache_clear()


@pytest.fixture(autouse=True)
def _no_language_from_another_test() -> Iterator[None]:
    """The middleware sets the reader's language for the thread, and leaves it there for the next reader to set."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a real PostgreSQL server on which this test may make databases: one for each test process, since a
    transaction that is open anywhere on a server holds back every reader of an event log on it."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database on a real PostgreSQL, dropped afterwards."""
    with postgres.database(postgres_server, f"evenhand_{uuid4().hex}") as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; the test is skipped where there is none."""
    path = browser.find()
    if path is None:
        pytest.skip(browser.MISSING)
    return path
