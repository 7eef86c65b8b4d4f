"""Asking for the platform document."""

import threading
import time

import pytest
from django.db import connection

from evenhand.desk.policies import queries, services
from evenhand.engine.platform import Platform, Policy, Queue

pytestmark = pytest.mark.django_db

FIRST = Platform("Harbour", policies=(Policy("spam", "Spam"),), queues=(Queue("spam", "Spam", policies=("spam",)),))
SECOND = Platform("Haven")


def apply(document: Platform) -> int:
    return services.apply(document, actor="user:ana").version


def test_before_anything_is_applied_there_is_an_empty_platform_that_works():
    empty = queries.current()
    assert (empty.version, empty.platform.name) == (0, "Unconfigured")
    assert empty.queue_for(None, "post") == "default"
    assert empty.queues["default"].roles == ("moderator",)


def test_what_was_applied_is_in_force_at_once_where_it_was_applied():
    assert queries.current().version == 0
    apply(FIRST)
    assert queries.current().platform == FIRST
    assert queries.current().queue_for("spam", "post") == "spam"


def test_it_costs_no_query_while_it_is_fresh(django_assert_num_queries):
    apply(FIRST)
    queries.current()
    with django_assert_num_queries(0):
        queries.current()


def test_it_costs_one_query_when_it_is_stale_or_wanted_fresh(django_assert_num_queries, monkeypatch):
    apply(FIRST)
    known = queries.current()
    with django_assert_num_queries(1):
        assert queries.current(fresh=True) is known
    later = time.monotonic() + 1.5
    monkeypatch.setattr(queries.time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        assert queries.current() is known


def test_another_processs_version_is_seen_after_a_second_or_at_once_when_wanted_fresh(monkeypatch):
    apply(FIRST)
    known = queries.current()
    monkeypatch.setattr(queries, "forget", lambda: None)
    apply(SECOND)
    monkeypatch.setattr(queries._cache, "snapshot", known)
    assert queries.current().version == 1
    assert queries.current(fresh=True).version == 2
    monkeypatch.setattr(queries._cache, "snapshot", known)
    later = time.monotonic() + 1.5
    monkeypatch.setattr(queries.time, "monotonic", lambda: later)
    assert queries.current().version == 2


def test_every_version_can_be_asked_for():
    apply(FIRST)
    apply(SECOND)
    assert queries.at(1).platform == FIRST
    assert queries.at(2).platform == SECOND
    assert queries.at(0).platform.name == "Unconfigured"
    with pytest.raises(queries.NoSuchVersion, match="no version 3"):
        queries.at(3)


def test_a_version_that_was_read_once_costs_one_small_query(django_assert_num_queries):
    apply(FIRST)
    apply(SECOND)
    first = queries.at(1)
    with django_assert_num_queries(1):
        assert queries.at(1) is first


def test_versions_are_listed_newest_first_in_one_query(django_assert_num_queries):
    apply(FIRST)
    apply(SECOND)
    with django_assert_num_queries(1):
        found = [(kept.version, kept.applied_by, kept.summary[0][:9]) for kept in queries.versions().versions]
    assert found == [(2, "user:ana", "Platform:"), (1, "user:ana", "Platform:")]


def test_versions_come_in_pages():
    for n in range(5):
        apply(Platform(f"Harbour {n}"))
    page = queries.versions(limit=2)
    assert ([kept.version for kept in page.versions], page.next) == ([5, 4], 4)
    page = queries.versions(before=page.next, limit=3)
    assert ([kept.version for kept in page.versions], page.next) == ([3, 2, 1], None)


def test_a_version_is_shown_as_it_is_kept():
    apply(FIRST)
    assert queries.stored(1).applied_by == "user:ana"
    with pytest.raises(queries.NoSuchVersion):
        queries.stored(2)


@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_while_somebody_applies():
    """Nobody sees a half-read document, an older one after a newer one, or an exception."""
    seen: list[list[int]] = []
    stop = threading.Event()

    def ask() -> None:
        mine: list[int] = []
        while not stop.is_set():
            mine.append(queries.current(fresh=len(mine) % 2 == 0).version)
        seen.append(mine)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(5):
        apply(Platform(f"Harbour {n}"))
    stop.set()
    for thread in threads:
        thread.join()
    assert len(seen) == 3
    assert all(mine == sorted(mine) for mine in seen)
    assert queries.current(fresh=True).version == 5
