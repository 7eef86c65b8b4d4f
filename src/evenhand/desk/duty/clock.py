"""Weekly hours on the clock of a place, and what they are in the time of the desk. Pure: no database, no clock.

The nights on which clocks change are the ones on which a roster by fixed offsets leaves an hour to nobody. Here an hour
that comes twice belongs to both shifts that meet in it, and one that is left out begins where it would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

DAY = 24 * 60
WEEK = 7
SLOT = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)


class Shift(Struct, frozen=True, array_like=True, order=True):
    """`day` 0 is Monday; `begins` and `ends` in minutes after its midnight, `ends` up to 24 hours after `begins`."""

    day: int
    begins: int
    ends: int


class Span(Struct, frozen=True, order=True):
    """From one moment until another, in UTC."""

    begins: datetime
    ends: datetime

    def covers(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


class BadHours(ValueError):
    """These are no hours; says what to write instead."""


def check(shifts: Iterable[Shift], zone: str) -> None:
    """Raises BadHours."""
    if zone not in available_timezones():
        raise BadHours(f"There is no time zone “{zone}”. Write one as Europe/Berlin.")
    for one in shifts:
        if not (0 <= one.day < WEEK and 0 <= one.begins < DAY and one.begins < one.ends <= one.begins + DAY):
            raise BadHours("Hours begin within their day, and end after that, at most 24 hours later.")


def zones() -> list[str]:
    """The names of places whose clocks are known."""
    return sorted(available_timezones())


def spans(shifts: Sequence[Shift], zone: str, since: datetime, until: datetime) -> list[Span]:
    """When these hours are between two moments, in order; shifts that touch are one."""
    place = ZoneInfo(zone)
    first = since.astimezone(place).date() - timedelta(days=2)
    days = (until.astimezone(place).date() - first).days + 1
    found = [
        Span(_moment(day, one.begins, place, last=False), _moment(day, one.ends, place, last=True))
        for day in (first + timedelta(days=ahead) for ahead in range(days))
        for one in shifts
        if one.day == day.weekday()
    ]
    return [one for one in joined(found) if one.ends > since and one.begins < until]


def without(found: Sequence[Span], gone: Sequence[Span]) -> list[Span]:
    """What is left of the first when the second are taken away."""
    left = list(found)
    for hole in gone:
        left = [part for one in left for part in _around(one, hole)]
    return left


def joined(found: Iterable[Span]) -> list[Span]:
    made: list[Span] = []
    for one in sorted(found):
        if made and one.begins <= made[-1].ends:
            made[-1] = Span(made[-1].begins, max(made[-1].ends, one.ends))
        elif one.begins < one.ends:
            made.append(one)
    return made


def monday(moment: datetime, zone: str) -> datetime:
    """The beginning of its week there."""
    place = ZoneInfo(zone)
    here = moment.astimezone(place).date()
    return _moment(here - timedelta(days=here.weekday()), 0, place, last=False)


def midnight(moment: datetime, zone: str) -> datetime:
    """The beginning of its day there."""
    place = ZoneInfo(zone)
    return _moment(moment.astimezone(place).date(), 0, place, last=False)


def at(day: date, minutes: int, zone: str) -> datetime:
    """A moment on the clock of a place."""
    return _moment(day, minutes, ZoneInfo(zone), last=False)


def next_at(hour: int, minute: int, zone: str, after: datetime) -> datetime:
    """When the clock there shows this time next."""
    place = ZoneInfo(zone)
    here = after.astimezone(place).date()
    days = (here + timedelta(days=ahead) for ahead in range(3))
    moments = (_moment(day, hour * 60 + minute, place, last=False) for day in days)
    return next(moment for moment in moments if moment > after)


def quarters(of_each: Iterable[Sequence[Span]], begins: datetime) -> list[int]:
    """How many people there are in each of the 672 quarters of an hour from `begins` on."""
    everybody = list(of_each)
    middles = [begins + SLOT * slot + SLOT / 2 for slot in range(4 * 24 * WEEK)]
    return [sum(any(span.covers(middle) for span in one) for one in everybody) for middle in middles]


def _around(one: Span, hole: Span) -> Iterator[Span]:
    if hole.ends <= one.begins or hole.begins >= one.ends:
        yield one
        return
    if one.begins < hole.begins:
        yield Span(one.begins, hole.begins)
    if hole.ends < one.ends:
        yield Span(hole.ends, one.ends)


def _moment(day: date, minutes: int, place: ZoneInfo, *, last: bool) -> datetime:
    """When the clock shows this. Of an hour that comes twice the first time, or the `last`; one that is left out is the
    moment at which the clock jumps over it."""
    shown = datetime.combine(day, time()) + _MINUTE * minutes
    earlier, later = (shown.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier <= later:
        return later if last else earlier
    return _jump(later, earlier, place)


def _jump(low: datetime, high: datetime, place: ZoneInfo) -> datetime:
    """The moment between these at which the offset changes."""
    before = low.astimezone(place).utcoffset()
    while high - low > _MINUTE:
        middle = low + (high - low) / 2
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)
