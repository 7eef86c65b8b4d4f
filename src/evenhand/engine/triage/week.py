"""What is lost in a week whose hours are not alike: cases come by hour of week, people are there by a roster.

The pointwise stationary fluid flow approximation (Wang, Tipper & Banerjee 1996): whatever number of cases is there, as
many end an hour as in the steady state (`staffing`) that has this number in the mean. It is exact where nothing
changes and where nobody is there; between, tests hold it against a simulation.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from msgspec import Struct

from evenhand.engine.triage.staffing import HANDLED, steady

HOURS = 168
SLOTS = 672
"""Quarters of an hour in a week, from Monday 00:00."""
STEPS = 5
"""Of a quarter of an hour."""
_STEP = 0.25 / STEPS
_GRID = 1.08
"""Between two steady states that are kept; what lies between is interpolated."""
_LEAST = 0.01


class Week(Struct, frozen=True, kw_only=True):
    """`lost`: share (0 to 1) of the week's cases whose harm was over first. `came`: cases in the week."""

    lost: float
    came: float


class _Steady(Struct, frozen=True):
    """Of some number of people: cases present in the mean → how many end an hour, and how many of these are lost."""

    present: tuple[float, ...]
    ended: tuple[float, ...]
    lost: tuple[float, ...]

    def at(self, present: float) -> tuple[float, float]:
        right = min(max(1, bisect_right(self.present, present)), len(self.present) - 1)
        left = right - 1
        part = (present - self.present[left]) / (self.present[right] - self.present[left])
        return (
            self.ended[left] + part * (self.ended[right] - self.ended[left]),
            self.lost[left] + part * (self.lost[right] - self.lost[left]),
        )


def lost(arrivals: Sequence[float], people: Sequence[int], *, handled: float = HANDLED, over: float) -> Week:
    """A week like all before it.

    `arrivals`: cases an hour in each of the 168 hours of the week; `people`: on duty in each of its 672 quarters of an
    hour;
    `over`: what `staffing.expiring` gives. Raises ValueError: another number of hours or quarters.
    """
    if len(arrivals) != HOURS or len(people) != SLOTS:
        raise ValueError(f"{HOURS} hours of arrivals and {SLOTS} quarters of an hour of people")
    came = math.fsum(arrivals)
    if not came:
        return Week(lost=0.0, came=0.0)
    tables = _tables(arrivals, people, handled, over)
    present = _through(arrivals, people, tables, over, 0.0)[0]
    gone = _through(arrivals, people, tables, over, present)[1]
    return Week(lost=min(1.0, gone / came), came=came)


def _through(
    arrivals: Sequence[float], people: Sequence[int], tables: Mapping[int, _Steady], over: float, present: float
) -> tuple[float, float]:
    """Cases present at the end of a week that began with `present`, and cases lost in it."""
    gone = 0.0
    for slot in range(SLOTS):
        coming, there = arrivals[slot // 4], people[slot]
        for _ in range(STEPS):
            ended, lost_ = tables[there].at(present) if there else (over * present, over * present)
            pace = ended / present if present > _LEAST else over
            stay = math.exp(-pace * _STEP)
            after = present * stay + coming / pace * (1 - stay)
            through = coming * _STEP + present - after
            gone += through * (lost_ / ended if ended else 0.0)
            present = after
    return present, gone


def _tables(arrivals: Sequence[float], people: Sequence[int], handled: float, over: float) -> Mapping[int, _Steady]:
    most = max(arrivals) / over + max(people) + 1
    return {number: _table(number, most, handled, over) for number in sorted(set(people)) if number}


def _table(people: int, most: float, handled: float, over: float) -> _Steady:
    present, ended, gone = [0.0], [0.0], [0.0]
    arriving = min(0.1, handled / 100)
    while present[-1] < most:
        found = steady(arriving, people, handled=handled, over=over)
        present.append(found.present)
        ended.append(arriving)
        gone.append(over * found.waiting)
        arriving *= _GRID
    return _Steady(tuple(present), tuple(ended), tuple(gone))
