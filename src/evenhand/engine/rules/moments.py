"""Times as events have them: microseconds since 1970 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from evenhand.engine.rules.run import Micros

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(at: datetime) -> Micros:
    """A time without an offset is in UTC."""
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def instant(at: Micros) -> datetime:
    """In UTC. Raises OverflowError: before the year 1, or behind the year 9999."""
    return _EPOCH + timedelta(microseconds=at)
