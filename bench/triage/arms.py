"""The arms: who decides what is looked at next, and what one look decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from msgspec import Struct

from bench.triage.desk import Desk
from bench.triage.orders import Order


class Hold(Struct):
    """An item hidden while it waits. `until` moves to the moment when it is decided or let go."""

    item: int
    since: int
    until: int


class Look(Struct, frozen=True):
    """What one turn of a person does."""

    seconds: float
    looked: tuple[int, ...]
    """Items that the person saw."""
    removed: tuple[int, ...] = ()
    dismissed: tuple[int, ...] = ()


class Arm(Protocol):
    holds: list[Hold]

    def fold(self, now: int) -> None:
        """All that was reported until now comes in."""

    def turn(self, now: int) -> Look | None:
        """What the next free person does; None when nothing waits."""


class Plain:
    """One order, one item at a time. People are always right: what is compared is the order."""

    def __init__(self, desk: Desk, order: Order) -> None:
        self.desk, self.order = desk, order
        self.holds: list[Hold] = []

    def fold(self, now: int) -> None:
        self.desk.fold(now)

    def turn(self, now: int) -> Look | None:
        waiting = np.flatnonzero(self.desk.waiting)
        if not len(waiting):
            return None
        item = int(waiting[np.argmax(self.order(self.desk, now)[waiting])])
        look = one_look(self.desk, item)
        self.desk.close([item])
        return look


class ReporterScore:
    """Discourse: each report counts one, and up to five more or less by its reporter's record, from six decided on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.holds: list[Hold] = []
        self._height = np.zeros(len(desk.waiting))
        self._record: dict[str, list[int]] = {}

    def fold(self, now: int) -> None:
        new = self.desk.fold(now)
        stream, seen = self.desk.stream, self.desk.trace.seen
        for item, number in zip(stream.item[new].tolist(), stream.number[new].tolist(), strict=True):
            self._height[item] += 1 + self._bonus(seen[item].reports[number - 1].reporter)

    def _bonus(self, reporter: str) -> float:
        agreed, total = self._record.get(reporter, (0, 0))
        if total <= 5:
            return 0.0
        above = agreed / total - 0.7
        return 5 * above / 0.3 if above > 0 else 5 * above / 0.7

    def turn(self, now: int) -> Look | None:
        del now
        waiting = np.flatnonzero(self.desk.waiting)
        if not len(waiting):
            return None
        item = int(waiting[np.argmax(self._height[waiting])])
        look = one_look(self.desk, item)
        for report in self.desk.trace.seen[item].reports[: int(self.desk.reports[item])]:
            record = self._record.setdefault(report.reporter, [0, 0])
            record[0] += bool(look.removed)
            record[1] += 1
        self.desk.close([item])
        return look


def one_look(desk: Desk, item: int) -> Look:
    truth = desk.trace.truth[item]
    if truth.violating:
        return Look(truth.seconds, (item,), removed=(item,))
    return Look(truth.seconds, (item,), dismissed=(item,))


Make = Callable[[Desk], Arm]


def plain(order: Order) -> Make:
    return lambda desk: Plain(desk, order)
