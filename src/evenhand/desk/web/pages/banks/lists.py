"""The lists: how old what we have of each is, what it changed, what it asks, and what to do when it fails."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.fields import from_micros
from evenhand.desk.media.queries import Source, sources
from evenhand.desk.media.queries.browsing import Entry, Sync
from evenhand.desk.media.queries.sources import SourceSeen
from evenhand.desk.media.services.sources import FILE
from evenhand.desk.media.services.syncing import busy_until
from evenhand.desk.web import figures
from evenhand.desk.web.pages.banks import words

SYNCS = 8
_SHOWN_OF_CURSOR = 60


class Asks(Struct, frozen=True):
    """A withdrawal that a person has to agree to."""

    withdraw: int
    of: int
    share: float
    since: datetime
    agreed: bool


class Run(Struct, frozen=True):
    """A synchronisation that goes on. `share`: of the list, where it tells how much it is."""

    sync: Sync
    seen: int
    share: float | None


class GoingRow(Struct, frozen=True):
    """A listed medium that would be withdrawn."""

    key: str
    entries: list[Entry]


class ListRow(Struct, frozen=True):
    seen: SourceSeen
    state: words.Chip
    what_to_do: str
    record: str
    every: str
    stale_after: str
    cursor: str
    asks: Asks | None
    syncs: list[Sync]
    run: Run | None

    @property
    def is_file(self) -> bool:
        return self.seen.source.kind == FILE


def list_rows() -> list[ListRow]:
    """Those that need somebody first."""
    rows = [_row(one) for one in sources.sources()]
    return sorted(rows, key=lambda one: (not one.asks, not one.what_to_do, one.seen.source.name))


def _row(seen: SourceSeen) -> ListRow:
    source = seen.source
    return ListRow(
        seen=seen,
        state=_state(seen),
        what_to_do=_what_to_do(seen),
        record=words.record_told(seen.accuracy),
        every=figures.span(source.every_seconds) if source.every_seconds else "",
        stale_after=figures.span(source.stale_after_seconds) if source.stale_after_seconds else "",
        cursor=source.cursor[:_SHOWN_OF_CURSOR],
        asks=_asks(seen),
        syncs=sources.syncs(source, SYNCS),
        run=progress_of(source),
    )


def progress_of(source: Source) -> Run | None:
    """None while nobody takes it in."""
    if busy_until(source) is None:
        return None
    run = next(iter(sources.syncs(source, 1)), None)
    if run is None or run.ended_at is not None:
        return None
    seen = run.added + run.unchanged + run.refused
    return Run(run, seen, min(1.0, seen / run.total) if run.total else None)


def going_rows(source: Source, keys: list[str]) -> list[GoingRow]:
    found: dict[str, list[Entry]] = {key: [] for key in keys}
    for one in sources.entries_called(source, keys):
        found[one.key].append(one)
    return [GoingRow(key, entries) for key, entries in found.items()]


def _asks(seen: SourceSeen) -> Asks | None:
    told = seen.source.asks
    if not told:
        return None
    withdraw, of = int(told["withdraw"]), int(told["of"])
    agreed = seen.source.consented >= withdraw
    return Asks(withdraw, of, withdraw / max(1, of), from_micros(int(told["since"])), agreed)


def _state(seen: SourceSeen) -> words.Chip:
    source = seen.source
    if source.disabled_at is not None:
        return words.Chip(_("off"))
    if source.asks:
        return words.Chip(_("asks for consent"), "chip-critical")
    if seen.stale:
        return words.Chip(_("stale"), "chip-critical")
    if source.error:
        return words.Chip(_("failed last time"), "chip-warn")
    if source.kind == FILE:
        return words.Chip(_("from a file"))
    return words.Chip(_("fresh"), "chip-good") if source.last_ok else words.Chip(_("not taken in yet"))


def _what_to_do(seen: SourceSeen) -> str:
    source = seen.source
    if source.disabled_at is not None or source.asks:
        return ""
    if source.error:
        return _("Mend what it says. It is tried again by itself; “Take in now” does so at once.")
    if seen.stale:
        return _("What was added to it since is not matched. See that an `evenhand worker` or `evenhand serve` runs.")
    return ""
