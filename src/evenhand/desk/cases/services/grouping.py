"""Which cases stand together: clusters as they are joined, and the one case of each that stands in the queue for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from evenhand.desk import sql
from evenhand.desk.cases.models import Cluster
from evenhand.desk.fields import now_micros


class Place(NamedTuple):
    """Where a row of the queue may stand for several cases."""

    cluster: int
    queue: str


class Known(NamedTuple):
    """What is known of a case that may be joined with others."""

    cluster: int | None
    queue: str
    open: bool
    parted: bool
    """Its cluster is not joined with others any more: a person has split it."""


class Groups:
    """Cases and their clusters, moving on as cases are joined. New clusters have numbers below 0 until kept."""

    def __init__(self, known: Mapping[int, Known]) -> None:
        self._known = dict(known)
        self._now = {case: one.cluster for case, one in known.items()}
        self._merged: dict[int, int] = {}
        self._new = 0

    def of(self, case: int) -> tuple[str, int]:
        """What cases of one cluster share."""
        cluster = self._now[case]
        return ("case", case) if cluster is None else ("cluster", self._root(cluster))

    def join(self, case: int, alike: Sequence[int]) -> None:
        """The case with those that are alike to it; it leaves what it is not like any more. What a person has split is
        neither moved nor joined with others: what is like it comes to it."""
        if self._known[case].parted:
            return
        if not alike:
            self._now[case] = None
            return
        parted = [one for one in alike if self._known[one].parted]
        if parted:
            self._now[case] = self._now[parted[0]]
            return
        found = {self._root(cluster) for one in (case, *alike) if (cluster := self._now[one]) is not None}
        target = min((cluster for cluster in found if cluster > 0), default=min(found, default=None))
        if target is None:
            self._new -= 1
            target = self._new
        for cluster in found - {target}:
            self._merged[cluster] = target
        for one in (case, *alike):
            self._now[one] = target

    def _root(self, cluster: int) -> int:
        while cluster in self._merged:
            cluster = self._merged[cluster]
        return cluster

    def keep(self, *, lock: Callable[[], None]) -> set[Place]:
        """Write what changed; the places whose first case may be another one now."""
        after = {case: self._root(now) if now is not None else None for case, now in self._now.items()}
        moved = {case: cluster for case, cluster in after.items() if cluster != self._known[case].cluster}
        merged = {old: self._root(old) for old in self._merged if old > 0}
        if not moved and not merged:
            return set()
        lock()
        numbers = {temporary: _make() for temporary in sorted({c for c in moved.values() if c is not None and c < 0})}
        places = {Place(one.cluster, one.queue) for case in moved if (one := self._known[case]).cluster is not None}
        for case, cluster in moved.items():
            number = numbers.get(cluster, cluster) if cluster is not None else None
            sql.run("UPDATE cases_case SET cluster_id = %s, behind = %s WHERE id = %s", (number, False, case))
            if number is not None and self._known[case].open:
                places.add(Place(number, self._known[case].queue))
        for old, new in merged.items():
            places |= _merge(old, numbers.get(new, new))
        return places


def _make() -> int:
    return Cluster.objects.create(opened_at=now_micros()).pk


def _merge(old: int, new: int) -> set[Place]:
    queues = sql.rows(
        "SELECT DISTINCT queue FROM cases_case WHERE cluster_id = %s AND cluster_id IS NOT NULL AND state = 'open'"
        " AND NOT behind",
        (old,),
    )
    sql.run("UPDATE cases_case SET cluster_id = %s WHERE cluster_id = %s", (new, old))
    sql.run("DELETE FROM cases_cluster WHERE id = %s", (old,))
    return {Place(new, queue) for (queue,) in queues}


def lead(places: Iterable[Place]) -> None:
    """In the caller's transaction: in each of these, the case that comes first in order stands for all, and who held
    the one that stood there holds it."""
    for place in sorted(set(places)):
        first = sql.rows(
            f"SELECT id, behind FROM cases_case WHERE {_HERE} AND NOT deciding"  # noqa: S608 (constant text)
            " ORDER BY lane, rank DESC, id LIMIT 1",
            place,
        )
        if not first:
            continue
        [(head, hidden)] = first
        others = sql.rows(
            f"SELECT id, holder_id, held_until FROM cases_case WHERE {_HERE} AND NOT behind AND id <> %s"  # noqa: S608 (constant text)
            " ORDER BY held_until",
            (*place, head),
        )
        sql.run_many("UPDATE cases_case SET behind = %s WHERE id = %s", [(True, case) for case, _, _ in others])
        held = [(holder, until, head) for _, holder, until in others if until is not None]
        sql.run_many("UPDATE cases_case SET holder_id = %s, held_until = %s WHERE id = %s", held[-1:])
        if hidden:
            sql.run("UPDATE cases_case SET behind = %s WHERE id = %s", (False, head))


def lead_everywhere() -> None:
    """In the caller's transaction, which ranked all open cases anew: the same in every place."""
    there = "cluster_id IS NOT NULL AND state = 'open' AND NOT deciding"
    place = "row_number() OVER (PARTITION BY cluster_id, queue ORDER BY lane, rank DESC, id)"
    first = f"SELECT id FROM (SELECT id, {place} AS n FROM cases_case WHERE {there}) AS placed WHERE n = 1"  # noqa: S608 (constant text)
    sql.run(f"UPDATE cases_case SET behind = %s WHERE {there} AND NOT behind AND id NOT IN ({first})", (True,))  # noqa: S608 (constant text)
    sql.run(f"UPDATE cases_case SET behind = %s WHERE {there} AND behind AND id IN ({first})", (False,))  # noqa: S608 (constant text)


_HERE = "cluster_id = %s AND cluster_id IS NOT NULL AND queue = %s AND state = 'open'"
