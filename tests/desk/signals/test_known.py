"""What a worker knows not to be kept it does not ask for, and it never misses what is."""

from contextlib import contextmanager
from itertools import count

import pytest
from django.db import OperationalError, connection, transaction

from evenhand.desk.intake import services as intake
from evenhand.desk.rules import queries
from evenhand.desk.rules import services as rules
from evenhand.desk.signals.models import KeyedState, Partition, Signal
from evenhand.desk.signals.services import DeskStore, folding, known
from evenhand.desk.signals.services.known import Known
from evenhand.runtime.partitions import Claim
from tests.desk.conftest import post, sent

COUNTING = """
Author: str = JsonData(path='$.evenhand.author.id')
Sent = IncrementWindow(key=Author, window_seconds=3600, when_all=[True])
Every = Rule(when_all=[Sent >= 1], description=f'{Sent}')
WhenRules(rules_any=[Every], then=[])
"""


@pytest.fixture
def counted(log, platform):
    """Fold items by these authors with a store; how often each had sent something."""
    rules.publish({"main.sml": COUNTING}, {}, actor="system:test")
    rules.move("Every", "shadow", actor="user:ana", owner="ana", reason="to see")
    queries.forget()
    numbers = count()

    def fold(store: DeskStore, *authors: str) -> list[int]:
        [claim] = store.claim("elsewhere:1:a", 60)
        intake.accept([sent(post(f"p{next(numbers)}", author=one)) for one in authors])
        batch = log.read(claim.part, claim.position, 100)
        store.fold(claim, batch.rows, batch.position)
        told = Signal.objects.filter(detector="rule:Every").order_by("-id").values_list("evidence", flat=True)
        return [int(one["description"]) for one in reversed(told[: len(authors)])]

    return fold


def keep(*keys: str, part: int = 0) -> None:
    KeyedState.objects.bulk_create([KeyedState(part=part, key=key, value=b"\xc0", expires_at=0) for key in keys])


def whole(part: int = 0) -> Known:
    found = Known(part)
    while not found.complete:
        found.read_on()
    return found


@pytest.mark.django_db
def test_every_key_that_is_kept_may_be_there_and_hardly_any_other(monkeypatch):
    monkeypatch.setattr(known, "_SLICE", 100)
    kept = [f"rule:count:{n}-ä:_Z" for n in range(1234)]
    keep(*kept)
    keep("rule:count:elsewhere", part=1)
    found = whole()
    assert all(map(found.may_have, kept))
    assert sum(found.may_have(f"rule:first:{n}") for n in range(10_000)) < 100


@pytest.mark.django_db
def test_any_key_may_be_there_until_all_were_read(monkeypatch):
    monkeypatch.setattr(known, "_SLICE", 2)
    keep("a", "b", "c")
    found = Known(0)
    found.read_on()
    assert found.may_have("never written")
    found.add(["d"])
    found.read_on()
    assert [one for one in ("a", "b", "c", "d", "never written") if found.may_have(one)] == ["a", "b", "c", "d"]


@pytest.mark.django_db
def test_it_stays_sharp_while_it_grows_and_begins_anew_when_it_has_seen_too_much(monkeypatch):
    found = whole()
    added = [f"rule:count:{n}" for n in range(50_000)]
    found.add(added)
    assert all(map(found.may_have, added))
    assert sum(found.may_have(f"rule:first:{n}") for n in range(10_000)) < 200
    monkeypatch.setattr(found, "_most", 40_000)
    found.add(["one more"])
    assert not found.complete
    found.read_on()
    assert not found.may_have("rule:count:1")


def test_counters_go_on_in_the_next_worker(counted):
    store = DeskStore()
    assert counted(store, "ann", "ben", "ann") == [1, 1, 2]
    assert counted(store, "ann", "new") == [3, 1]
    assert counted(DeskStore(), "ann", "ben", "new", "newer") == [4, 2, 2, 1]


def test_counters_go_on_after_a_commit_of_which_nobody_was_told(counted, monkeypatch):
    store = DeskStore()
    assert counted(store, "ann", "ben") == [1, 1]
    atomic = transaction.atomic

    @contextmanager
    def kept_and_gone():
        with atomic():
            yield
        raise OperationalError("the connection went after the commit")

    with monkeypatch.context() as patch:
        patch.setattr(folding.transaction, "atomic", kept_and_gone)
        patch.setattr(store, "claim", lambda *_more: [Claim(0, 1, Partition.objects.get(part=0).position)])
        with pytest.raises(OperationalError):
            counted(store, "ann", "late")
    assert counted(store, "ann", "late", "ben") == [3, 2, 2]


def test_a_key_that_is_nowhere_costs_no_question(counted):
    store = DeskStore()
    counted(store, "ann")

    def asked(*authors: str) -> int:
        with connection.execute_wrapper(noted):
            questions.clear()
            counted(store, *authors)
        return sum("FROM signals_keyedstate" in one and "value" in one for one in questions)

    questions: list[str] = []

    def noted(execute, statement, *more):
        questions.append(statement)
        return execute(statement, *more)

    assert asked("a1", "a2", "a3", "a4") == 0
    KeyedState.objects.filter(key__contains="a1").update(expires_at=1)
    store._evaluation._cache.clear()
    assert asked("a1") > 0
