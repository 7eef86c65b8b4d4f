"""Cases kept in order in memory: one that moves finds its new place without the others being sorted again."""

from __future__ import annotations

import numpy as np

from evenhand.engine.triage.bulk import Floats, Ints, Places

_APART = 1e7
"""More than any two ranks of a lane are apart: microseconds since 1970 by the shortest half-life, 5 minutes."""


class Board:
    """Cases by number, 0 to n - 1, the first one first."""

    def __init__(self, places: Places) -> None:
        self._order: Ints = places.order()
        self._heights: Floats = np.empty(len(self._order))
        self._heights[:] = _heights(places)[self._order]
        self._of: Floats = _heights(places)

    def first(self, count: int) -> list[int]:
        found: list[int] = self._order[:count].tolist()
        return found

    def move(self, case: int, lane: int, rank: float) -> int:
        """Something happened to a case: where it stands now, from 0. Those between its old and its new place move by
        one."""
        old = self._find(case)
        height = _height(lane, rank)
        new = int(np.searchsorted(self._heights, height))
        if new > old:
            new -= 1
            self._heights[old:new] = self._heights[old + 1 : new + 1]
            self._order[old:new] = self._order[old + 1 : new + 1]
        else:
            self._heights[new + 1 : old + 1] = self._heights[new:old]
            self._order[new + 1 : old + 1] = self._order[new:old]
        self._heights[new] = self._of[case] = height
        self._order[new] = case
        return new

    def _find(self, case: int) -> int:
        """Among those of equal height, by its number."""
        first = int(np.searchsorted(self._heights, self._of[case], side="left"))
        last = int(np.searchsorted(self._heights, self._of[case], side="right"))
        return first + int(np.flatnonzero(self._order[first:last] == case)[0])


def _heights(places: Places) -> Floats:
    """Lower comes first."""
    return places.lane * _APART - places.rank


def _height(lane: int, rank: float) -> float:
    return lane * _APART - rank
