"""Lets people work through a trace with one arm, and writes down what was decided when."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from bench.triage.arms import Arm, Hold, Look
from bench.triage.desk import Bools, Desk, Floats, Stream
from bench.triage.rosters import DAYS, Roster
from bench.triage.trace import DAY, SECOND, START, Trace

END = START + DAYS * DAY


class Outcome(Struct, frozen=True):
    """By item: when it was decided (infinity: never), and how."""

    decided_at: Floats
    removed: Bools
    looked: Bools
    holds: tuple[Hold, ...]
    looks: int
    """Items that people saw; one that is seen twice counts twice."""
    media: int
    """Pictures, videos and recordings among them."""
    seconds: float
    """That people spent."""


def run(trace: Trace, stream: Stream, make: Callable[[Desk], Arm], roster: Roster) -> Outcome:
    desk = Desk(trace, stream)
    arm = make(desk)
    count = len(trace.seen)
    decided_at, removed, looked = np.full(count, np.inf), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    looks = media = 0
    seconds = 0.0
    free = [(START, seat) for seat in range(len(roster.seats))]
    while free:
        at, seat = heapq.heappop(free)
        begins = roster.next(seat, at)
        if begins is None or begins >= END:
            continue
        if begins > at:
            heapq.heappush(free, (begins, seat))
            continue
        arm.fold(at)
        look = arm.turn(at)
        if look is None:
            if desk.next_at is not None:
                heapq.heappush(free, (max(at, desk.next_at), seat))
            continue
        done = at + int(look.seconds * SECOND)
        _write(look, done, decided_at, removed, looked)
        looks, seconds = looks + len(look.looked), seconds + look.seconds
        media += int(desk.media[list(look.looked)].sum())
        heapq.heappush(free, (done, seat))
    arm.fold(END)
    return Outcome(decided_at, removed, looked, tuple(arm.holds), looks, media, seconds)


def _write(look: Look, done: int, decided_at: Floats, removed: Bools, looked: Bools) -> None:
    for item in (*look.removed, *look.dismissed):
        decided_at[item] = done
    removed[list(look.removed)] = True
    looked[list(look.looked)] = True
