"""When who works: seats with their shifts, from one person's 30 hours a week to a team round the clock."""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from bench.triage.trace import DAY, HOUR, START

DAYS = 9
_WEEKEND = (5, 6)
Shift = tuple[int, int]
"""From when until when, in microseconds."""


class Roster(Struct, frozen=True):
    name: str
    seats: tuple[tuple[Shift, ...], ...]
    """The shifts of each seat, in order. A seat round the clock is five and a half people of 30 hours a week."""

    def next(self, seat: int, at: int) -> int | None:
        """The earliest moment from `at` on at which that seat is at work."""
        shifts = self.seats[seat]
        found = bisect_right(shifts, (at, 1 << 62))
        if found and at < shifts[found - 1][1]:
            return at
        return shifts[found][0] if found < len(shifts) else None


def _daily(begins: float, hours: float, *, weekends: bool) -> list[Shift]:
    days = [day for day in range(DAYS) if weekends or day % 7 not in _WEEKEND]
    starts = [START + day * DAY + int(begins * HOUR) for day in days]
    return [(start, start + int(hours * HOUR)) for start in starts]


def office(people: int = 1) -> Roster:
    """Monday to Friday, 10 to 16."""
    name = "office, 5 x 6 h" if people == 1 else f"{people} people, office"
    return Roster(name, (tuple(_daily(10, 6, weekends=False)),) * people)


def office_and_checks() -> Roster:
    """Less office, and 18 minutes each morning and evening."""
    checks = 18 / 60
    left = (30 - 14 * checks) / 5
    shifts = [*_daily(10, left, weekends=False), *_daily(8, checks, weekends=True), *_daily(22, checks, weekends=True)]
    return Roster("office + 2 checks of 18 min a day", (tuple(sorted(shifts)),))


def spread() -> Roster:
    """Eight times a day, a little more than half an hour, 30 hours a week."""
    minutes = 30 * 60 / 56
    times = range(0, 24, 3)
    shifts = [shift for hour in times for shift in _daily(hour, minutes / 60, weekends=True)]
    return Roster("8 x 32 min a day", (tuple(sorted(shifts)),))


def round_the_clock(seats: int) -> Roster:
    people = {1: 6, 2: 11, 4: 22, 8: 45}[seats]
    whole = (START, START + DAYS * DAY)
    return Roster(f"{people} people, 24/7", ((whole,),) * seats)


OFFICE = office()
