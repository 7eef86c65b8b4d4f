"""New entries are held against everything that was seen before: block by block, resumable, with its progress kept.

A hit is an event like any other: it goes through the log and the fold, where the medium is matched anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.models import RetroScan
from evenhand.desk.media.queries import known
from evenhand.desk.media.services import rematching
from evenhand.engine.detect.knownmedia import PERCEPTUAL

BLOCK: Final = 20_000
"""Seen hashes that are looked at between two commits."""
GRACE: Final = timedelta(seconds=30)
"""A batch that was matched before an entry came may be written after it: so long the newest are looked at again."""
LEASE: Final = timedelta(minutes=2)
_HASH = 32
_ACTOR = "system:media"


def begin() -> RetroScan | None:
    """A scan for the entries that came since the last one began, when there are any and nothing else is at work."""
    with transaction.atomic():
        last = RetroScan.objects.order_by("-pk").first()
        since = last.until if last else 0
        if last is not None and last.ended_at is None:
            return None
        [(until, entries)] = sql.rows(
            "SELECT coalesce(max(seq), 0), count(*) FROM media_change WHERE seq > %s AND what = 'added'", (since,)
        )
        if not entries:
            return None
        [(total,)] = sql.rows("SELECT count(*) FROM media_seen")
        now = timezone.now()
        scan = RetroScan.objects.create(
            since=since, until=until, entries=entries, total=total, begun_at=now, changed_at=now
        )
        payload = {"entries": entries, "seen": total}
        record(Act.RETROSCAN_BEGUN, actor=_ACTOR, obj=f"retroscan:{scan.pk}", payload=payload)
        return scan


def claim() -> RetroScan | None:
    """The scan that is not done, for this process: by a lease, which each block renews."""
    with transaction.atomic():
        now = timezone.now()
        scan = RetroScan.objects.select_for_update().filter(ended_at__isnull=True).order_by("pk").first()
        if scan is None or (scan.leased_until is not None and scan.leased_until > now):
            return None
        scan.leased_until = now + LEASE
        scan.save(update_fields=["leased_until"])
        return scan


class Scanner:
    """Walks one scan; its new entries are indexed once."""

    def __init__(self, scan: RetroScan, *, grace: timedelta = GRACE) -> None:
        self.scan = scan
        self._grace = grace
        self._near: dict[str, known.Few | known.Nothing] = {}

    def step(self) -> bool:
        """One block; True when the scan has ended. Who is killed in between repeats a block, without effect.

        Raises LogUnavailable.
        """
        scan = self.scan
        with known.unmapped():
            found = sql.rows(
                "SELECT id, kind, value FROM media_seen WHERE id > %s ORDER BY id LIMIT %s", (scan.position, BLOCK)
            )
        fresh = rematching.tell(scan.pk, sorted({*self._perceptual(found), *self._exact(found)}))
        with transaction.atomic():
            scan.hits += fresh
            scan.looked += len(found)
            scan.position = found[-1][0] if found else scan.position
            scan.total = max(scan.total, scan.looked)
            scan.changed_at = now = timezone.now()
            scan.leased_until = now + LEASE
            over = len(found) < BLOCK and now - scan.begun_at >= self._grace
            if over:
                self._end()
            scan.save()
        return over

    @property
    def waits(self) -> bool:
        """Everything was looked at, and only the grace has not passed."""
        return self.scan.looked >= self.scan.total

    def _end(self) -> None:
        scan = self.scan
        scan.ended_at, scan.leased_until = timezone.now(), None
        payload = {"looked": scan.looked, "hits": scan.hits}
        record(Act.RETROSCAN_ENDED, actor=_ACTOR, obj=f"retroscan:{scan.pk}", payload=payload)

    def _perceptual(self, found: Sequence[tuple[Any, ...]]) -> Iterator[int]:
        """Ids of seen hashes that are near a new entry."""
        for kind in PERCEPTUAL:
            rows = [(id_, value) for id_, other, value in found if other == kind]
            if not rows:
                continue
            owners = [id_ for id_, value in rows for _ in range(len(value) // _HASH)]
            yield from (owners[n] for n in self._index(kind).met(b"".join(value for _, value in rows)))

    def _index(self, kind: str) -> known.Few | known.Nothing:
        """Built when the first hash of the kind is met: a desk that has seen nothing needs none."""
        if kind not in self._near:
            self._near[kind] = known.of_changes(kind, self.scan.since, self.scan.until)
        return self._near[kind]

    def _exact(self, found: Sequence[tuple[Any, ...]]) -> Iterator[int]:
        if not self._has_exact or all(kind in PERCEPTUAL for _, kind, _ in found):
            return
        new = sql.rows(
            "SELECT DISTINCT s.id FROM media_seen s JOIN media_entry e ON e.kind = s.kind AND e.digest = s.digest"
            " JOIN media_change c ON c.entry_id = e.id AND c.seq > %s AND c.seq <= %s AND c.what = 'added'"
            " WHERE s.id >= %s AND s.id <= %s AND s.kind NOT IN ('pdq', 'vpdq')",
            (self.scan.since, self.scan.until, found[0][0], found[-1][0]),
        )
        yield from (id_ for (id_,) in new)

    @cached_property
    def _has_exact(self) -> bool:
        """Whether there are new entries that are looked up byte by byte."""
        return bool(
            sql.rows(
                "SELECT 1 FROM media_change WHERE seq > %s AND seq <= %s AND what = 'added'"
                " AND kind NOT IN ('pdq', 'vpdq') LIMIT 1",
                (self.scan.since, self.scan.until),
            )
        )


def progress(scan: RetroScan) -> Mapping[str, float]:
    """Share that is done, and what that share is of."""
    return {"done": 1.0 if scan.ended_at else scan.looked / max(1, scan.total), "total": float(scan.total)}
