"""Functions on time. The event's own time is what "now" means, so that a day can be told again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context, Micros
from evenhand.engine.rules.values import Expected

FAMILY = Family()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SNOWFLAKE_EPOCH = 1_420_070_400_000
"""The first millisecond of 2015: where Discord's ids count from."""
_SNOWFLAKE_SHIFT = 22
_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND: Micros = 1_000
_SECOND: Micros = 1_000_000


@FAMILY.add("TimeDelta", cost=2)
def time_delta(
    weeks: float = 0, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
) -> timedelta:
    """A length of time, of all that is given together. It may be negative.

    Error: more than 999,999,999 days.
    """
    try:
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise ValueError("so long a time cannot be told: 999,999,999 days are the most.") from error


@FAMILY.add("TimeSince", cost=5)
def time_since(context: Context, timestamp: str) -> timedelta:
    """How long before the event a moment was; negative when it came after it.

    `timestamp`: ISO 8601, as 2026-01-31T23:59:00Z; without a zone it is UTC. No value: it is no such time.
    """
    return EPOCH + timedelta(microseconds=context.micros) - _moment(timestamp)


@FAMILY.add("GetTimedeltaBucket", cost=2)
def get_timedelta_bucket(x: timedelta, granularity_seconds: int) -> int:
    """The number of the bucket that a length of time falls into, where each bucket is `granularity_seconds` wide: 0 is
    from nothing up to one width.

    Error: a width that is not above 0.
    """
    return x // _MICROSECOND // _width(granularity_seconds)


@FAMILY.add("GetTimestampBucket", cost=5)
def get_timestamp_bucket(x: str, granularity_seconds: int) -> int:
    """The number of the bucket that a moment falls into, counted from 1970 in buckets of `granularity_seconds`.

    `x`: ISO 8601; without a zone it is UTC. No value: it is no such time. Error: a width that is not above 0.
    """
    width = _width(granularity_seconds)
    return (_moment(x) - EPOCH) // _MICROSECOND // width


@FAMILY.add("GetSnowflakeBucket", cost=2)
def get_snowflake_bucket(x: int | str, granularity_seconds: int) -> int:
    """The number of the bucket that the moment in a snowflake id falls into, counted from 1970 in buckets of
    `granularity_seconds`.

    `x`: an id whose bits above the lowest 22 are milliseconds since the first of January 2015 (Discord's). No value: it
    is no such id. Error: a width that is not above 0.
    """
    width = _width(granularity_seconds)
    try:
        snowflake = int(x)
    except ValueError as error:
        raise Expected from error
    if snowflake < 0:
        raise Expected
    return ((snowflake >> _SNOWFLAKE_SHIFT) + _SNOWFLAKE_EPOCH) * _MILLISECOND // width


def _width(granularity_seconds: int) -> Micros:
    if granularity_seconds <= 0:
        raise ValueError(f"granularity_seconds is {granularity_seconds}: a bucket has a width above 0.")
    return granularity_seconds * _SECOND


def _moment(timestamp: str) -> datetime:
    try:
        moment = datetime.fromisoformat(timestamp.strip())
    except ValueError as error:
        raise Expected from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
