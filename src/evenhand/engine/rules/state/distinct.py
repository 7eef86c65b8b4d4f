"""How many different values came under one key within a window: exact for events in any order, within its limits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any, Final

from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.state.limits import NEVER, Limits

_ENOUGH: Final = 4
"""Times of one value that are needed with one window (and no other lateness)."""
_MOST_TIMES: Final = 8
"""Times in all, for each value that may be kept: with windows that differ much, one may need many."""


class Distinct:
    """Each value with the times at which it came, thinned: a time is left out when the one before and the one after it
    are so close that every window which holds it holds one of them, too.

    `kept` is the same as msgpack can write it: [longest window, shortest, floor, thinned, [[value, time, …], …], shed].
    Nothing that is newer than `floor` was ever forgotten, nor left out if it is newer than `thinned`; of values that
    came again, no earlier time that is newer than `shed`. `swept`: the key may have been forgotten with all that had
    expired by then.
    """

    __slots__ = (
        "_lasts", "_limits", "_many", "_reach", "_shed_until", "_shortest", "_swept", "_thinned", "_times", "_values",
        "_window",
        "changed", "floor",
    )  # fmt: skip

    def __init__(self, limits: Limits, value: Any = None, swept: Micros = NEVER) -> None:
        window, shortest, floor, thinned, kept, *shed = value or (0, 0, NEVER, NEVER, ())
        self.changed = False
        self.floor: Micros = floor
        self._limits = limits
        self._window: Micros = window
        self._shortest: Micros = shortest
        self._thinned: Micros = thinned
        self._shed_until: Micros = shed[0] if shed else NEVER
        self._swept = swept
        self._reach = limits.reach(window)
        self._times: dict[int, list[Micros]] = {one[0]: list(one[1:]) for one in kept}
        self._many = sum(map(len, self._times.values()))
        self._values: list[int] = [one[0] for one in kept]
        """Sorted by the last time of each, which stands at the same place in `lasts`."""
        self._lasts: list[Micros] = [one[-1] for one in kept]

    def note(self, value: int, at: Micros, window: Micros) -> int:
        """Notes the value; how many came in (at - window, at], this one included.

        Raises TooLate; it is noted all the same.
        """
        self._fit(window)
        lasts = self._lasts
        if lasts and at <= lasts[-1] - self._reach:
            self._forget(at)
            self._limits.demand(at, lasts[-1], self._window)
        times = self._times.get(value)
        if times is None:
            self._times[value] = [at]
            self._many += 1
            self._place(value, at)
        else:
            self._again(value, times, at)
        self._trim()
        return self.count(at, window) + (value not in self._times)

    def count(self, at: Micros, window: Micros) -> int:
        """How many values came in (at - window, at].

        Raises TooLate.
        """
        lasts = self._lasts
        self._fit(window)
        if not lasts:
            return 0
        if at < lasts[-1]:
            self._limits.demand(at, lasts[-1], self._window)
        start = max(at - window, lasts[-1] - self._reach)
        first = bisect_right(lasts, start)
        if at >= lasts[-1]:
            return len(lasts) - first
        rest = max(first, bisect_right(lasts, at))
        newer = (self._times[value] for value in self._values[rest:])
        return rest - first + sum(times[0] <= at and times[bisect_right(times, at) - 1] > start for times in newer)

    def complete_since(self, at: Micros) -> Micros:
        """Windows that begin at this time or later, and end at `at`, hold all that came in them."""
        return max(self.floor, self._shed_until) if self._lasts and at < self._lasts[-1] else self.floor

    def kept(self) -> Any:
        """The value to keep."""
        self._prune()
        times = [[value, *self._times[value]] for value in self._values]
        return [self._window, self._shortest, self.floor, self._thinned, times, self._shed_until]

    @property
    def expires_at(self) -> Micros:
        return self._lasts[-1] + self._reach if self._lasts else NEVER

    def _again(self, value: int, times: list[Micros], at: Micros) -> None:
        last = times[-1]
        self._drop(times, bisect_right(times, max(at, self._lasts[-1]) - self._reach))
        place = bisect_left(times, at)
        if place < len(times) and times[place] == at:
            return
        self.changed = True
        times.insert(place, at)
        self._many += 1
        self._thin(times, place)
        if at > last:
            self._take(value, last)
            self._place(value, at)
        if self._many > _MOST_TIMES * self._limits.most:
            self._shed()

    def _thin(self, times: list[Micros], place: int) -> None:
        for one in (place + 1, place, place - 1):
            if 0 < one < len(times) - 1 and times[one + 1] - times[one - 1] <= self._shortest:
                self._thinned = max(self._thinned, times.pop(one))
                self._many -= 1

    def _shed(self) -> None:
        self._prune()
        if self._many > _MOST_TIMES * self._limits.most:
            for times in self._times.values():
                self._shed_until = max([self._shed_until, *times[:-_ENOUGH][-1:]])
                self._cut(times, len(times) - _ENOUGH)

    def _drop(self, times: list[Micros], cut: int) -> None:
        if cut > 0:
            self._forget(times[cut - 1])
            self._cut(times, cut)

    def _cut(self, times: list[Micros], cut: int) -> None:
        if cut > 0:
            self._many -= cut
            del times[:cut]

    def _place(self, value: int, last: Micros) -> None:
        self.changed = True
        place = bisect_left(self._values, value, bisect_left(self._lasts, last), bisect_right(self._lasts, last))
        self._lasts.insert(place, last)
        self._values.insert(place, value)

    def _take(self, value: int, last: Micros) -> None:
        place = bisect_left(self._values, value, bisect_left(self._lasts, last), bisect_right(self._lasts, last))
        del self._lasts[place], self._values[place]

    def _trim(self) -> None:
        lasts = self._lasts
        cut = max(len(lasts) - self._limits.most, bisect_right(lasts, lasts[-1] - self._reach))
        if cut > 0:
            self._forget(lasts[cut - 1])
            for value in self._values[:cut]:
                self._many -= len(self._times.pop(value))
            del lasts[:cut], self._values[:cut]

    def _fit(self, window: Micros) -> None:
        """Another window than before: nothing that a longer one needs comes back, nor what a shorter one would need."""
        if window > self._window:
            self._prune()
            reach = self._limits.reach(window)
            if not self._window and self._swept > NEVER:
                self.floor = self._swept - reach
            self._window, self._reach, self.changed = window, reach, True
        if window < self._shortest or not self._shortest:
            self._forget(self._thinned)
            self._shortest, self.changed = window, True

    def _prune(self) -> None:
        """What the longest window of before did not reach is gone, whether or not it was taken away already."""
        for times in self._times.values():
            self._drop(times, bisect_right(times, self._lasts[-1] - self._reach))

    def _forget(self, at: Micros) -> None:
        self.changed = True
        self.floor = max(self.floor, at)
