"""Events that are too many to be kept one by one: how many there were, in short stretches of time."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Any

from evenhand.engine.rules.run import Micros


class Stretches:
    """Events are added in the order of their times. `kept` is [[from, to, how many], …]."""

    __slots__ = ("_ends", "_starts", "_sums")

    def __init__(self, value: Any = ()) -> None:
        self._starts: list[Micros] = [one[0] for one in value]
        self._ends: list[Micros] = [one[1] for one in value]
        self._sums = [0]
        """How many there were before each stretch, and after the last."""
        for one in value:
            self._sums.append(self._sums[-1] + one[2])

    def __bool__(self) -> bool:
        return bool(self._starts)

    @property
    def end(self) -> Micros:
        """The time of the newest event; there is one."""
        return self._ends[-1]

    def add(self, at: Micros, length: Micros) -> None:
        """One more event, in a stretch of at most `length`."""
        if self._starts and at - self._starts[-1] <= length:
            self._ends[-1] = at
            self._sums[-1] += 1
        else:
            self._starts.append(at)
            self._ends.append(at)
            self._sums.append(self._sums[-1] + 1)

    def within(self, after: Micros, until: Micros) -> int:
        """How many events are in stretches that lie wholly in (after, until]: all in it, save those at its edges."""
        first, last = bisect_right(self._starts, after), bisect_right(self._ends, until)
        return self._sums[last] - self._sums[first] if first < last else 0

    def forget(self, until: Micros) -> None:
        """Stretches that ended by then."""
        cut = bisect_right(self._ends, until)
        if cut:
            del self._starts[:cut], self._ends[:cut], self._sums[:cut]

    def kept(self) -> list[list[int]]:
        counts = (after - before for before, after in pairwise(self._sums))
        return [list(one) for one in zip(self._starts, self._ends, counts, strict=True)]
