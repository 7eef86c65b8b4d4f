"""Ours with near-duplicates: `engine.triage.clusters` puts items together as they come, one turn decides a cluster."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.triage.arms import Look, one_look
from bench.triage.desk import Desk
from bench.triage.memory import Memory
from bench.triage.product import Product
from evenhand.engine.triage.clusters import Sample, place
from evenhand.engine.triage.samples import choose, split

CHECKED = 3
"""The most typical and the most different ones are looked at; the others follow where all checked ones agree."""
SECONDS_EACH = 1.0
"""For each item that follows. ASSUMED."""


class Clustered(Product):
    """A cluster stands where its worst member stands, as in the queue."""

    def __init__(self, desk: Desk, memory: Memory | None = None) -> None:
        super().__init__(desk, memory)
        self._state: dict[str, Any] = {}
        self._root: dict[str, int] = {}
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, int] = {}
        """Items that a person has put into another group than their cluster, by group."""
        self._groups = 0

    def _fold(self, now: int) -> None:
        before = self.desk.folded
        super()._fold(now)
        new = slice(before, self.desk.folded)
        stream = self.desk.stream
        for item in stream.item[new][stream.number[new] == 1].tolist():
            self._join(item)

    def _join(self, item: int) -> None:
        """As the desk does it: all that is alike to the new one becomes one cluster with it."""
        placed = place(str(item), self.desk.stream.samples[item], self._state, self._root.get)
        self._state.update(placed.changed)
        roots = {self._root[name] for name in placed.alike}
        self._members[item] = [item, *(one for root in sorted(roots) for one in self._members.pop(root))]
        for one in self._members[item]:
            self._root[str(one)] = item

    def turn(self, now: int) -> Look | None:
        del now
        waiting = np.flatnonzero(self.desk.waiting)
        if not len(waiting):
            return None
        return self.decide(int(waiting[np.argmax(self.place[waiting])]))

    def decide(self, item: int) -> Look:
        members = self._together(item)
        return self._many(members) if len(members) > 1 else self.one(item)

    def _together(self, item: int) -> dict[str, Sample]:
        """All that wait in the same cluster, or in the same group of it that somebody made."""
        group = self._apart.get(item, 0)
        around = self._members[self._root[str(item)]]
        same = [one for one in around if self.desk.waiting[one] and self._apart.get(one, 0) == group]
        return {str(one): self.desk.stream.samples[one] for one in same}

    def _many(self, members: dict[str, Sample]) -> Look:
        chosen = choose(members)
        checked = [int(name) for name in (chosen.medoid, *chosen.diverse, *chosen.outliers)][:CHECKED]
        looks = [one_look(self.desk, item) for item in checked]
        verdicts = {str(item): bool(look.removed) for item, look in zip(checked, looks, strict=True)}
        follow = [int(name) for name in members if name not in verdicts]
        if len(set(verdicts.values())) > 1:
            self._divide(members, verdicts)
            follow = []
        for look in looks:
            self.settle(look.looked, upheld=bool(look.removed), seen=True)
        upheld = bool(looks[0].removed)
        self.settle(follow, upheld=upheld, seen=False)
        return Look(
            seconds=sum(look.seconds for look in looks) + SECONDS_EACH * len(follow),
            looked=tuple(checked),
            removed=(*(item for look in looks for item in look.removed), *(follow if upheld else ())),
            dismissed=(*(item for look in looks for item in look.dismissed), *(() if upheld else follow)),
        )

    def _divide(self, members: dict[str, Sample], verdicts: dict[str, bool]) -> None:
        """Those that were checked disagree: each other one goes with the one it is most like, and waits anew."""
        for names in split(members, verdicts).values():
            self._groups += 1
            for name in names:
                self._apart[int(name)] = self._groups
