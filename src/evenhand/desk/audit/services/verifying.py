"""Checking the ledger and noting what was found, so that a break is seen by everybody who looks at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.audit import queries
from evenhand.desk.audit.models import Verification
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.verify import BrokenError, Summary

WHOLE = 50_000
"""So many entries are checked in a few seconds; of a longer ledger, a quick check leaves the older ones out."""
_WHOLE, _TAIL = "whole", "tail"
_log = structlog.get_logger("ledger")


class Checked(Struct, frozen=True):
    """What a quick check found: the entries from `start` up to `size` hold, or `broken` says which one does not."""

    start: int
    size: int
    whole_at: datetime | None
    """When all entries were checked last, and held."""
    broken: str = ""


def verify(held: Sequence[Checkpoint] = ()) -> Summary:
    """Check everything against this desk's own key, as `queries.verify` does, and note it. Raises BrokenError."""
    try:
        summary = queries.verify(held=held)
    except BrokenError as error:
        _note(_WHOLE, queries.size(), str(error))
        raise
    _note(_WHOLE, summary.size)
    return summary


def recheck(most: int = WHOLE) -> Checked:
    """Check everything, or of a long ledger what came since the last check and the root of what came before."""
    whole = Verification.objects.filter(scope=_WHOLE, broken="").first()
    before = Verification.objects.filter(broken="").order_by("-size").first()
    whole_at = whole.checked_at if whole else None
    try:
        start, summary = queries.verify_tail(most, before.size if before else 0)
    except BrokenError as error:
        size = queries.size()
        _note(_TAIL if size > most else _WHOLE, size, str(error))
        return Checked(0, size, whole_at, str(error))
    _note(_TAIL if start else _WHOLE, summary.size)
    return Checked(start, summary.size, whole_at if start else timezone.now())


def _note(scope: str, size: int, broken: str = "") -> None:
    """A database that takes no writing, or is of an older desk, can be checked all the same."""
    found = {"checked_at": timezone.now(), "size": size, "broken": broken}
    try:
        with transaction.atomic():
            Verification.objects.update_or_create(scope=scope, defaults=found)
            if scope == _WHOLE and not broken:
                Verification.objects.filter(scope=_TAIL).delete()
    except DatabaseError as error:
        _log.warning("What the check found could not be noted in the desk.", error=str(error))
