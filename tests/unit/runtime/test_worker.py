"""The partition worker, on a log and a store of its own."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.runtime.eventlog import Batch, Lag, Row
from evenhand.runtime.partitions import Claim, Fenced, Unfoldable
from evenhand.runtime.worker import PartitionWorker


class MemoryLog:
    def __init__(self, rows):
        self.rows = rows

    def append(self, rows):
        self.rows.extend(rows)
        return [True] * len(rows)

    def read(self, part, after, limit):
        start = int(after or 0)
        mine = [row for row in self.rows if row.part == part][start : start + limit]
        return Batch(mine, str(start + len(mine)))

    def lag(self, part, after):
        return Lag(len(self.read(part, after, 10**9).rows), None)

    def close(self):
        pass


class MemoryStore:
    """Folds by appending; refuses rows of `bad`; fences a worker whose epoch is old."""

    def __init__(self, parts=1, bad=frozenset()):
        self.bad = bad
        self.epochs = dict.fromkeys(range(parts), 0)
        self.positions = dict.fromkeys(range(parts), "")
        self.owners = {}
        self.folded = []
        self.parked = []
        self.released = []

    def claim(self, owner, lease_seconds):
        for part in self.epochs:
            if self.owners.get(part) in (None, owner):
                self.owners[part] = owner
        return [Claim(p, self.epochs[p], self.positions[p]) for p, o in self.owners.items() if o == owner]

    def steal(self, part, owner):
        self.owners[part] = owner
        self.epochs[part] += 1

    def fold(self, claim, rows, position):
        if claim.epoch != self.epochs[claim.part]:
            raise Fenced
        if any(row.id in self.bad for row in rows):
            raise Unfoldable("bad row")
        self.folded += [row.id for row in rows]
        self.positions[claim.part] = position

    def park(self, claim, row, position, error):
        self.parked.append((row.id, error))
        self.positions[claim.part] = position

    def release(self, owner):
        self.released.append(owner)


def rows(count, parts=1):
    return [Row(bytes([n]), n % parts, n, "", b"") for n in range(count)]


def drain(worker):
    while worker.step():
        pass


def test_everything_is_folded_once_in_the_order_of_its_partition():
    log, store = MemoryLog(rows(23, parts=3)), MemoryStore(parts=3)
    drain(PartitionWorker(log, store, owner="a", batch_events=4))
    assert sorted(store.folded) == [bytes([n]) for n in range(23)]
    for part in range(3):
        mine = [id_[0] for id_ in store.folded if id_[0] % 3 == part]
        assert mine == sorted(mine)


@given(st.sets(st.integers(0, 29)), st.integers(1, 10))
def test_what_cannot_be_folded_is_parked_and_the_rest_goes_on(bad, batch):
    log, store = MemoryLog(rows(30)), MemoryStore(bad=frozenset(bytes([n]) for n in bad))
    drain(PartitionWorker(log, store, owner="a", batch_events=batch))
    assert [id_[0] for id_, _ in store.parked] == sorted(bad)
    assert [id_[0] for id_ in store.folded] == [n for n in range(30) if n not in bad]


def test_a_worker_that_lost_its_lease_keeps_nothing_and_drops_the_partition():
    log, store = MemoryLog(rows(10)), MemoryStore()
    first = PartitionWorker(log, store, owner="first", batch_events=3)
    first.step()
    store.steal(0, "second")
    assert first.step() == 0
    assert len(store.folded) == 3
    drain(PartitionWorker(log, store, owner="second", batch_events=3))
    assert [id_[0] for id_ in store.folded] == list(range(10))


def test_a_restarted_worker_goes_on_where_the_other_stopped():
    log, store = MemoryLog(rows(10)), MemoryStore()
    PartitionWorker(log, store, owner="a", batch_events=4).step()
    store.owners.clear()
    drain(PartitionWorker(log, store, owner="b", batch_events=4))
    assert [id_[0] for id_ in store.folded] == list(range(10))
