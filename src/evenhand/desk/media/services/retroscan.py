"""New entries are held against everything that was seen before: shard by shard, resumable, with its progress kept.

Perceptual hashes are asked in the archive, all others are looked up by the database's index. A hit is an event like
any other: it goes through the log and the fold, where the medium is matched anew.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from django.db import transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.models import RetroScan
from evenhand.desk.media.queries import known, seen
from evenhand.desk.media.services import archiving, rematching
from evenhand.engine.detect.knownmedia import PERCEPTUAL

if TYPE_CHECKING:
    from evenhand.runtime.archive import Extent

BLOCK: Final = 20_000
"""New entries, or seen hashes, that are looked up byte by byte between two commits."""
GRACE: Final = timedelta(seconds=30)
"""A batch that was matched before an entry came may be written after it: so long the newest are looked at again."""
LEASE: Final = timedelta(minutes=2)
PAUSE: Final = 5.0
"""Seconds before an archive that cannot be written is tried again."""
PROCESSES: Final = 2
_TOLD_AT_ONCE: Final = 3_000
_ACTOR = "system:media"
_EXACT = "exact"
_log = structlog.get_logger("media")


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
        now = timezone.now()
        scan = RetroScan.objects.create(since=since, until=until, entries=entries, begun_at=now, changed_at=now)
        record(Act.RETROSCAN_BEGUN, actor=_ACTOR, obj=f"retroscan:{scan.pk}", payload={"entries": entries})
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


def give_back(scan: RetroScan) -> None:
    """Another process may go on with it at once."""
    RetroScan.objects.filter(pk=scan.pk, ended_at__isnull=True).update(leased_until=None)


class _Again(Exception):
    """A shard was mended: the round begins again, behind what was done."""


class _Part(Struct, frozen=True):
    """What was looked at between two commits."""

    hits: Sequence[int] = ()
    """Ids of seen hashes."""
    looked: int = 0
    left: int | None = None
    """To be looked at from here on; None: as was told before."""
    done: Mapping[str, int] = {}
    """How far that brings the scan."""


class Scanner:
    """Walks one scan, in rounds: over all that was seen, then over what comes while the grace lasts."""

    def __init__(self, scan: RetroScan, *, grace: timedelta = GRACE) -> None:
        self.scan = scan
        self.waits = False
        """Everything was looked at, and only the grace has not passed; or the archive cannot be had."""
        self._grace = grace
        self._round: Generator[_Part] | None = None
        self._is_last = False
        self._not_before = float("-inf")
        self._files: dict[str, Path | None] = {}

    def step(self) -> bool:
        """One part; True when the scan has ended. Who is killed in between repeats a part, without effect.

        Raises LogUnavailable, OperationalError.
        """
        if time.monotonic() < self._not_before or not self._begin_round():
            return False
        try:
            part = next(self._round, None) if self._round else None
            self._settle(part or _Part(), over=part is None and self._is_last)
        except _Again:
            self._drop_round()
            return False
        except (OSError, BrokenProcessPool) as error:
            self._drop_round()
            self._cannot(error)
            return False
        except BaseException:
            self._drop_round()
            raise
        self.waits = part is None
        if part is None:
            self._round = None
        return self.scan.ended_at is not None

    def close(self) -> None:
        """Its processes end, and the archive is free for others."""
        self._drop_round()
        for file in filter(None, self._files.values()):
            file.unlink(missing_ok=True)
        self._files = {}

    def _begin_round(self) -> bool:
        if self._round is None:
            self._is_last = timezone.now() - self.scan.begun_at >= self._grace
            until = seen.settled()
            self.waits = until is None
            self._round = None if until is None else self._parts(until)
        return self._round is not None

    def _drop_round(self) -> None:
        if self._round is not None:
            self._round.close()
            self._round = None

    def _cannot(self, error: Exception) -> None:
        _log.error("The search of seen media waits for its archive.", error=str(error))
        self.waits = True
        self._not_before = time.monotonic() + PAUSE
        self.scan.error = f"The archive of seen hashes cannot be used: {error}"[:1000]
        self.scan.save(update_fields=["error"])

    def _settle(self, part: _Part, *, over: bool) -> None:
        scan = self.scan
        for some in sql.batched(sorted(part.hits), _TOLD_AT_ONCE):
            scan.hits += rematching.tell(scan.pk, some)
            scan.leased_until = timezone.now() + LEASE
            scan.save(update_fields=["hits", "leased_until"])
        with transaction.atomic():
            scan.looked += part.looked
            scan.total = max(scan.total if part.left is None else scan.looked + part.left, scan.looked)
            scan.done = {**scan.done, **part.done}
            scan.changed_at = now = timezone.now()
            scan.leased_until, scan.error = now + LEASE, ""
            if over:
                scan.ended_at, scan.leased_until = now, None
                payload = {"looked": scan.looked, "hits": scan.hits}
                record(Act.RETROSCAN_ENDED, actor=_ACTOR, obj=f"retroscan:{scan.pk}", payload=payload)
            scan.save()

    def _parts(self, until: int) -> Generator[_Part]:
        """A round over what has ids up to `until`."""
        after = {kind: self.scan.done.get(kind, 0) for kind in (_EXACT, *PERCEPTUAL)}
        if until <= min(after.values()):
            return
        with archiving.held() as kept:
            assert kept is not None
            for _ in kept.fill(until):
                yield _Part()
            asked = [kind for kind in PERCEPTUAL if kept.extents(kind) and self._file(kept, kind)]
            exact = self._exact_count(kept, after[_EXACT], until)
            yield _Part(left=exact + sum(_behind(one, after[kind]) for kind in asked for one in kept.extents(kind)))
            if exact:
                yield from self._exact(after[_EXACT], until, exact)
            for kind in asked:
                yield from self._perceptual(kept, kind, after[kind])
        yield _Part(done=dict.fromkeys(after, until))

    def _exact_count(self, kept: archiving.Kept, after: int, until: int) -> int:
        if not seen.has_new_exact(self.scan.since, self.scan.until):
            return 0
        return seen.count_exact(after, until) if after else kept.filled.exact

    def _exact(self, after: int, until: int, count: int) -> Iterator[_Part]:
        """By the entries, or by what was seen, where that is less."""
        if until - after <= BLOCK:
            yield _Part(seen.listed(after, until), count, done={_EXACT: until})
            return
        for since in range(self.scan.since, self.scan.until, BLOCK):
            yield _Part(seen.of_changes(since, min(since + BLOCK, self.scan.until), after, until))
        yield _Part(looked=count, done={_EXACT: until})

    def _perceptual(self, kept: archiving.Kept, kind: str, after: int) -> Iterator[_Part]:
        """The archive, shard by shard. Raises _Again: one that was damaged is mended now."""
        from evenhand.runtime.archive import BadArchive  # noqa: PLC0415 (a desk that has seen nothing does not load it)
        from evenhand.runtime.archivescan import scan  # noqa: PLC0415 (the same)

        file = self._file(kept, kind)
        assert file is not None
        try:
            with closing(scan(kept.path(kind), kept.extents(kind), file, after=after, processes=PROCESSES)) as found:
                for part in found:
                    yield _Part(sorted(set(part.ids.tolist())), part.rows, done={kind: part.last})
        except (BadArchive, FileNotFoundError):
            for one in kept.extents(kind):
                kept.check(kind, one.number)
            raise _Again from None

    def _file(self, kept: archiving.Kept, kind: str) -> Path | None:
        """The new entries' index, for the processes that ask; None: there are none of the kind."""
        if kind not in self._files:
            from evenhand.runtime.index import save_index  # noqa: PLC0415 (as above)

            file = kept.path(f"{kind}.{self.scan.pk}.new")
            for left in file.parent.glob(f"{kind}.*.new"):
                left.unlink()
            index = known.of_changes(kind, self.scan.since, self.scan.until)
            if index is not None:
                save_index(file, index, position=self.scan.until)
            self._files[kind] = None if index is None else file
        return self._files[kind]


def _behind(one: Extent, after: int) -> int:
    """About how many rows of a shard have ids behind this one: for the progress."""
    if after < one.first:
        return one.rows
    return one.rows * max(one.last - after, 0) // (one.last - one.first + 1)
