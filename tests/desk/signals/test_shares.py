"""Workers share the partitions: evenly, without loss or repetition, whoever comes, goes or dies."""

import threading
import time
from collections import Counter

import msgspec
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.desk.intake import services as intake
from evenhand.desk.signals.models import Partition, Worker
from evenhand.desk.signals.services import DeskStore, folding
from evenhand.runtime import config
from evenhand.runtime.worker import PartitionWorker
from tests.desk.conftest import post, sent

PARTITIONS = 4
LONG = 60.0


@pytest.fixture
def partitions(monkeypatch):
    """Sets how many partitions there are."""
    configured = config.current()

    def configure(count):
        changed = msgspec.structs.replace(configured, partitions=count)
        monkeypatch.setattr(config, "current", lambda: changed)

    configure(PARTITIONS)
    return configure


@pytest.fixture
def folded(monkeypatch):
    """How often each event was folded and committed, by its id."""
    seen = Counter()
    monkeypatch.setattr(folding, "_subscribers", [lambda events, _signals: seen.update(one.id for one in events)])
    return seen


def shares(*owners, lease=LONG):
    """What each holds after everybody has renewed twice: once to see who lives, once to take what was given back."""
    store = DeskStore()
    for _ in range(2):
        held = {owner: [claim.part for claim in store.claim(owner, lease)] for owner in owners}
    return held


def owner(name):
    return f"elsewhere:1:{name}"


A, B, C = owner("a"), owner("b"), owner("c")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "owners", "expected"),
    [(4, [A, B], [2, 2]), (4, [A, B, C], [2, 1, 1]), (5, [A, B], [3, 2]), (1, [A, B], [1, 0]), (7, [A], [7])],
)
def test_living_workers_have_equal_shares_up_to_one(partitions, count, owners, expected):
    partitions(count)
    held = shares(*owners)
    assert [len(held[one]) for one in owners] == expected
    assert sorted(part for parts in held.values() for part in parts) == list(range(count))


@pytest.mark.django_db
def test_who_comes_later_gets_a_share_when_the_first_renews(partitions):
    store = DeskStore()
    before = {claim.part: claim.epoch for claim in store.claim(A, LONG)}
    assert len(before) == PARTITIONS
    assert store.claim(B, LONG) == []
    assert [claim.part for claim in store.claim(A, LONG)] == [0, 1]
    taken = store.claim(B, LONG)
    assert [(claim.part, claim.epoch) for claim in taken] == [(part, before[part] + 1) for part in (2, 3)]


@pytest.mark.django_db
def test_the_share_of_one_that_dies_is_taken_when_its_lease_has_run_out(partitions):
    shares(A, B, lease=0.3)
    assert len(DeskStore().claim(A, LONG)) == 2
    time.sleep(0.35)
    assert len(DeskStore().claim(A, LONG)) == PARTITIONS


@pytest.mark.django_db
def test_the_share_of_one_that_ends_is_free_at_once(partitions):
    shares(A, B)
    DeskStore().release(B)
    assert len(DeskStore().claim(A, LONG)) == PARTITIONS
    assert [worker.owner for worker in Worker.objects.all()] == [A]


@pytest.mark.django_db
def test_who_is_not_heard_of_any_more_leaves_the_register(partitions):
    shares(A)
    Worker.objects.update(alive_until=1)
    DeskStore().claim(B, LONG)
    assert [worker.owner for worker in Worker.objects.all()] == [B]


@pytest.mark.django_db(transaction=True)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 6), st.lists(st.tuples(st.sampled_from(["renew", "end", "die"]), st.sampled_from("abcd"))))
def test_whatever_happens_no_two_hold_one_partition_and_soon_all_are_held_evenly(partitions, count, happenings):
    partitions(count)
    Partition.objects.all().delete()
    Worker.objects.all().delete()
    store, living = DeskStore(), {"a"}
    for what, name in happenings:
        if what == "renew":
            living.add(name)
            store.claim(owner(name), LONG)
        elif what == "end":
            living.discard(name)
            store.release(owner(name))
        else:
            living.discard(name)
            Worker.objects.filter(owner=owner(name)).update(alive_until=1)
            Partition.objects.filter(owner=owner(name)).update(lease_until=1)
    living = sorted(living or {"a"})
    held = shares(*map(owner, living))
    sizes = [len(parts) for parts in held.values()]
    assert sorted(part for parts in held.values() for part in parts) == list(range(count))
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.django_db
def test_shares_move_between_batches_without_loss_or_repetition(partitions, log, folded):
    moment = [0.0]
    workers = [
        PartitionWorker(log, DeskStore(), owner=name, batch_events=3, lease_seconds=LONG, clock=lambda: moment[0])
        for name in (A, B, C)
    ]
    ids = []
    for step in range(60):
        events = [sent(post(f"p{step}-{n}")) for n in range(4)]
        ids += [event.id for event in events]
        intake.accept(events)
        moment[0] += 8.0
        for worker in workers[: 1 + min(2, step // 10)]:
            worker.step()
        if step == 40:
            DeskStore().release(C)
            workers.pop()
    while sum(worker.step() for worker in workers):
        moment[0] += 8.0
    assert folded == Counter(ids)
    assert sum(part.folded for part in Partition.objects.all()) == len(ids)
    assert sorted(Counter(part.owner for part in Partition.objects.all()).values()) == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_fold_at_once_one_dies_and_nothing_is_lost_or_repeated(partitions, log, folded):
    stop, dead = threading.Event(), threading.Event()

    def work(name, ends):
        worker = PartitionWorker(log, DeskStore(), owner=name, batch_events=5, lease_seconds=0.9)
        try:
            while not ends.is_set():
                if not worker.step():
                    time.sleep(0.01)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(A, stop)), threading.Thread(target=work, args=(B, dead))]
    for thread in threads:
        thread.start()
    ids, halves = [], set()
    until = time.monotonic() + 30.0
    while time.monotonic() < until and len(folded) < 400:
        if len(ids) < 400:
            events = [sent(post(f"p{len(ids)}-{n}")) for n in range(10)]
            intake.accept(events)
            ids += [event.id for event in events]
        halves.add(tuple(sorted(Counter(part.owner for part in Partition.objects.all()).values())))
        if (2, 2) in halves and len(ids) > 200:
            dead.set()
        time.sleep(0.05)
    stop.set()
    dead.set()
    for thread in threads:
        thread.join()
    assert (2, 2) in halves
    assert folded == Counter(ids)
    assert {part.owner for part in Partition.objects.all()} == {A}
