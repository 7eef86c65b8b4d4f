"""Bringing checkpoints to places that the operator does not control alone, and noticing what contradicts them there.

Only the newest checkpoint is brought, since it covers all entries of those before. What is kept there already is looked
at first: a place that covers more entries than the ledger has, or other ones, betrays what was done to the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import structlog
from django.utils import timezone

from evenhand.desk.audit import keys, queries
from evenhand.desk.audit.models import Checkpoint, Publication
from evenhand.engine.ledger import checkpoints, tree
from evenhand.engine.ledger.tree import LedgerError
from evenhand.runtime.fetch import FetchError

EVERY = timedelta(minutes=10)
"""Between two checkpoints at one place."""
FIRST_RETRY = timedelta(seconds=10)
IN_FLIGHT = timedelta(minutes=2)
"""As long as one process is at it, no other begins."""
_log = structlog.get_logger("ledger")


class Place(Protocol):
    """Where checkpoints are kept. Both methods raise OSError or FetchError, whose text is a sentence."""

    @property
    def name(self) -> str: ...

    def newest(self) -> str | None:
        """The checkpoint over the most entries that it holds; None when it holds none, or does not tell."""

    def keep(self, size: int, note: str) -> None:
        """It is kept there when this returns."""


class ContradictionError(LedgerError):
    """The place holds a checkpoint with which this ledger does not agree."""


def publish(places: Sequence[Place]) -> int:
    """Bring the last checkpoint to every place that is due; how many took it. What fails is noted, and tried again."""
    last = Checkpoint.objects.order_by("-size").first()
    return 0 if last is None else sum(_brought(place, last) for place in places)


def _brought(place: Place, last: Checkpoint) -> bool:
    row, _ = Publication.objects.get_or_create(place=place.name)
    if row.size == last.size or not _begin(row):
        return False
    try:
        _refuse_contradiction(row.note)
        _refuse_contradiction(place.newest())
        place.keep(last.size, last.note)
    except (OSError, FetchError, ContradictionError) as error:
        _note_failure(row, error)
        return False
    Publication.objects.filter(place=row.place).update(
        size=last.size,
        note=last.note,
        published_at=timezone.now(),
        next_at=timezone.now() + EVERY,
        failing_since=None,
        attempts=0,
        error="",
        contradicts=False,
    )
    return True


def _begin(row: Publication) -> bool:
    """False where it is not due, or another process was quicker."""
    now = timezone.now()
    if row.next_at > now:
        return False
    return bool(Publication.objects.filter(place=row.place, next_at=row.next_at).update(next_at=now + IN_FLIGHT))


def _refuse_contradiction(note: str | None) -> None:
    """Raises ContradictionError: this ledger is not the one that was signed there, or not all of it."""
    if not note:
        return
    try:
        held = checkpoints.opened(note, [keys.verifier()])
        end = queries.size()
        same = held.size <= end and tree.root(held.size, queries.nodes) == held.root
    except LedgerError as error:
        raise ContradictionError(f"It holds a checkpoint that is not of this ledger: {error}.") from None
    if held.size > end:
        raise ContradictionError(
            f"It holds a checkpoint over {held.size} entries, and the ledger has {end}: its end was cut off, or an old"
            " backup was put back."
        )
    if not same:
        raise ContradictionError(f"It holds a checkpoint over the first {held.size} entries, and they are others now.")


def _note_failure(row: Publication, error: Exception) -> None:
    now = timezone.now()
    told = _told(error)
    _log.warning("A checkpoint could not be published; it is tried again.", place=row.place, error=told)
    Publication.objects.filter(place=row.place).update(
        next_at=now + _pause(row.attempts),
        failing_since=row.failing_since or now,
        attempts=row.attempts + 1,
        error=told,
        contradicts=isinstance(error, ContradictionError),
    )


def _told(error: Exception) -> str:
    """What the operating system says of a file, without its number; else the sentence."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}."
    return str(error)


def _pause(attempts: int) -> timedelta:
    return min(EVERY, FIRST_RETRY * (1 << min(attempts, 10)))
