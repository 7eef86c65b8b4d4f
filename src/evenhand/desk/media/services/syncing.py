"""Taking a list in: page by page, each in a transaction with its changes; the cursor moves after a whole range.

A list that would suddenly withdraw a great part of itself is stopped before anything of that is taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection, transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.media.errors import MediaError, NeedsConsent
from evenhand.desk.media.models import Entry, Source, Sync
from evenhand.desk.media.services import voices
from evenhand.desk.media.services.asking import ask_first
from evenhand.desk.media.services.entries import Counts, upsert
from evenhand.desk.media.services.ports import HashList, ListFailed
from evenhand.desk.media.services.sources import lock_source
from evenhand.engine.media.listing import Page, Withdrawn
from evenhand.runtime import holders

LEASE: Final = timedelta(minutes=5)
"""Renewed with each page; after it another process may take over, and at once when the one that held it is gone. One
request to a list may take four tries of a minute each."""
PAUSES: Final = (60.0, 300.0, 900.0, 3_600.0)
"""Seconds until a failed synchronisation is tried again; the last one over and over."""
AT_ONCE: Final = 1_000
"""Changes in one transaction."""
_MOST_TOLD = 20
_log = structlog.get_logger("media")
Progress = Callable[[Counts, int | None], None]


class Busy(MediaError):
    """Another process synchronises this list at the moment."""


class Synced(Struct, frozen=True):
    """How it went."""

    counts: Counts
    pages: int
    cursor: str


def sync(name: str, list_: HashList, *, actor: str = "system:media", told: Progress | None = None) -> Synced:
    """Take in all that is new at this list.

    Raises NoSuch, Busy; NeedsConsent (nothing was withdrawn); ListFailed (what came before stays, the cursor does
    not move: the next call begins where this one did).
    """
    source, run = _begin(name)
    try:
        synced = _pages(source, list_, run, told)
    except (ListFailed, NeedsConsent) as error:
        _failed(source, run, error)
        raise
    except BaseException as error:
        _failed(source, run, ListFailed(f"It broke off: {error!r}"[:500]))
        raise
    _ended(source, run, synced, actor)
    voices.taken_in(source, changed=bool(synced.counts.added or synced.counts.withdrawn))
    return synced


def due() -> list[str]:
    """Lists whose time has come."""
    found = sql.rows(
        "SELECT name, leased_until, leased_by FROM media_source WHERE disabled_at IS NULL AND next_at <= %s"
        " ORDER BY next_at",
        (now_micros(),),
    )
    now = now_micros()
    return [name for name, until, by in found if until is None or until < now or holders.is_gone(by)]


def unusable(name: str, why: ListFailed) -> None:
    """The connector could not even be made: told as a failed synchronisation."""
    source, run = _begin(name)
    _failed(source, run, why)


def _begin(name: str) -> tuple[Source, Sync]:
    with transaction.atomic():
        source = lock_source(name)
        now = timezone.now()
        if (until := busy_until(source)) is not None:
            raise Busy(
                f"List {name} is synchronised by another process at the moment. Should that end, it is free at"
                f" {until:%H:%M:%S} UTC."
            )
        _end_broken(source, now)
        source.last_try, source.leased_until, source.leased_by = now, now + LEASE, holders.this_process()
        source.save(update_fields=["last_try", "leased_until", "leased_by"])
        return source, Sync.objects.create(source=source, begun_at=now)


def busy_until(source: Source) -> datetime | None:
    """When it is free again unless whoever takes it in renews that; None: it is free."""
    until: datetime | None = source.leased_until
    if until is None or until <= timezone.now() or holders.is_gone(source.leased_by):
        return None
    return until


def _end_broken(source: Source, now: datetime) -> None:
    """Of a process that was killed: its synchronisation did not go on."""
    source.syncs.filter(ended_at__isnull=True).update(ended_at=now, error="It broke off: its process ended.")


def _pages(source: Source, list_: HashList, run: Sync, told: Progress | None) -> Synced:
    """What lists withdraw is held back until the range has ended: only then it is known how much it is."""
    counts, pages, cursor, whole = Counts(), 0, source.cursor, False
    held: dict[str, Withdrawn] = {}
    total = None
    for page in list_.pull(source.cursor):
        pages += 1
        total = page.total or total
        whole = whole or page.whole
        _hold(held, page)
        for counted in _take(source, page, run, pages):
            counts += counted
            if told:
                told(counts, total)
        source.list_version = page.version or source.list_version
        source.reasons = {**source.reasons, **{kind: list(names) for kind, names in page.reasons.items()}}
        cursor = page.cursor if page.complete else cursor
    if whole:
        gone = _not_seen(source, run)
        held |= {key: Withdrawn(key=key, reason="It is no longer in the list.") for key in gone}
    ask_first(source, held, missing=whole)
    withdrawn = list(held.values())
    for some in sql.batched(withdrawn, AT_ONCE):
        with transaction.atomic():
            counts += upsert(source, some, version=source.list_version)
        _renew(source)
    return Synced(counts, pages, cursor)


def _hold(held: dict[str, Withdrawn], page: Page) -> None:
    """What is listed again, later in the range or at a later time, is not withdrawn after all."""
    for change in page.changes:
        before = held.get(change.key)
        later = before is None or before.at is None or change.at is None or change.at >= before.at
        if isinstance(change, Withdrawn) and later:
            held[change.key] = change
        elif before is not None and later:
            del held[change.key]


def _take(source: Source, page: Page, run: Sync, pages: int) -> Iterator[Counts]:
    listed = [change for change in page.changes if not isinstance(change, Withdrawn)]
    for part, some in enumerate(list(sql.batched(listed, AT_ONCE)) or [[]]):
        with transaction.atomic():
            counts = upsert(source, some, version=page.version)
            if part == 0:
                counts += Counts(refused=page.refused)
            run.pages, run.added, run.total = pages, run.added + counts.added, page.total or run.total
            run.unchanged, run.refused = run.unchanged + counts.unchanged, run.refused + len(counts.refused)
            run.save()
        _renew(source)
        yield counts


def _renew(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(leased_until=timezone.now() + LEASE)


def _not_seen(source: Source, run: Sync) -> list[str]:
    """Keys that a whole list did not name this time."""
    standing = Entry.objects.filter(source=source, withdrawn_at__isnull=True)
    return list(standing.filter(last_seen__lt=run.begun_at).values_list("key", flat=True).distinct())


def _ended(source: Source, run: Sync, synced: Synced, actor: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        source.cursor, source.last_ok, source.error, source.failures = synced.cursor, now, "", 0
        source.consented, source.asks = 0, None
        _rest(source, source.every_seconds)
        run.ended_at, run.withdrawn, run.pages = now, synced.counts.withdrawn, synced.pages
        run.save()
        if synced.counts.added or synced.counts.withdrawn:
            payload = {
                "added": synced.counts.added,
                "withdrawn": synced.counts.withdrawn,
                "refused": len(synced.counts.refused),
                "version": source.list_version,
            }
            record(Act.LIST_SYNCED, actor=actor, obj=f"list:{source.name}", payload=payload)


def _failed(source: Source, run: Sync, error: ListFailed | NeedsConsent) -> None:
    if connection.needs_rollback:
        return
    _log.warning("A hash list was not synchronised.", list=source.name, error=str(error))
    with transaction.atomic():
        source.error, source.failures = str(error), source.failures + 1
        pause = PAUSES[min(source.failures, len(PAUSES)) - 1]
        asked = error.retry_after if isinstance(error, ListFailed) else None
        _rest(source, max(pause, asked or 0.0) if source.every_seconds else 0)
        run.ended_at, run.error = timezone.now(), str(error)
        run.save()


def _rest(source: Source, seconds: float) -> None:
    """Written on the row as it is by now: somebody may have switched it off meanwhile."""
    source.leased_until, source.leased_by = None, ""
    live = Source.objects.filter(pk=source.pk, disabled_at__isnull=True).exists()
    source.next_at = timezone.now() + timedelta(seconds=seconds) if live and seconds else None
    source.save(
        update_fields=[
            "cursor", "last_ok", "error", "failures", "consented", "asks", "leased_until", "leased_by", "next_at",
            "list_version", "reasons",
        ]
    )  # fmt: skip


def age(source: Source) -> float | None:
    """Seconds since it was last taken in whole; None when it never was."""
    return None if source.last_ok is None else (now_micros() - to_micros(source.last_ok)) / 1e6
