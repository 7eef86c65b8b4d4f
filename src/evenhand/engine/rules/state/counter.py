"""How many different events came under one key within a window: exact for events in any order, within its limits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any, Final

from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.state.limits import NEVER, Limits
from evenhand.engine.rules.state.stretches import Stretches

_FEW: Final = 16
"""Up to so many ids a list is searched as fast as a set, and takes much less room."""
_PARTS: Final = 64
"""Events beyond the limit are counted together by this part of the time for which they are needed."""


class Counter:
    """Events less than `reach` older than the newest are kept, at most `most` of them one by one; of those before them
    only how many there were in short stretches, of which an answer counts those that lie wholly in the window. An event
    has one time: if its id comes again with another, the first stays. `swept`: the key may have been forgotten with all
    that had expired by then.

    `kept` is the same as msgpack can write it: [longest window, floor, times, ids, [[from, to, how many], …]]. No event
    that is newer than `floor` was ever forgotten or only counted.
    """

    __slots__ = (
        "_events",
        "_ids",
        "_limits",
        "_reach",
        "_stretches",
        "_swept",
        "_times",
        "_window",
        "changed",
        "floor",
    )

    def __init__(self, limits: Limits, value: Any = None, swept: Micros = NEVER) -> None:
        window, floor, times, events, stretches = value or (0, NEVER, (), (), ())
        self.changed = False
        self.floor: Micros = floor
        self._times: list[Micros] = list(times)
        self._events: list[int] = list(events)
        """Their ids; those of one time sorted."""
        self._stretches = Stretches(stretches) if stretches else None
        self._ids: set[int] | None = None
        self._limits = limits
        self._window: Micros = window
        self._reach = limits.reach(window)
        self._swept = swept

    def increment(self, event: int, at: Micros, window: Micros) -> int:
        """Notes the event; how many came in (at - window, at], this one included.

        Raises TooLate; it is noted all the same.
        """
        if window > self._window:
            self._widen(window)
        ids, times = self._ids, self._times
        if event in (self._events if ids is None else ids):
            return self.count(at, window)
        self.changed = True
        if times and at <= times[-1]:
            return self._late(event, at, window)
        times.append(at)
        self._events.append(event)
        if ids is not None:
            ids.add(event)
        elif len(times) > _FEW:
            self._ids = set(self._events)
        if times[0] <= at - self._reach or len(times) > self._limits.most:
            self._trim()
        found = len(times) - bisect_right(times, at - window)
        return found + self._stretches.within(at - window, at) if self._stretches else found

    def count(self, at: Micros, window: Micros) -> int:
        """How many events came in (at - window, at].

        Raises TooLate.
        """
        times = self._times
        if window > self._window:
            self._widen(window)
        if times and at < times[-1]:
            self._limits.demand(at, times[-1], self._window)
        found = bisect_right(times, at) - bisect_right(times, at - window)
        return found + self._stretches.within(at - window, at) if self._stretches else found

    def kept(self) -> Any:
        """The value to keep."""
        return [
            self._window,
            self.floor,
            self._times[:],
            self._events[:],
            self._stretches.kept() if self._stretches else [],
        ]

    @property
    def expires_at(self) -> Micros:
        return self._times[-1] + self._reach if self._times else NEVER

    def _late(self, event: int, at: Micros, window: Micros) -> int:
        """Not after what was only counted: it may be one of them."""
        times, events = self._times, self._events
        if not self._stretches or at > self._stretches.end:
            place = bisect_left(events, event, bisect_left(times, at), bisect_right(times, at))
            times.insert(place, at)
            events.insert(place, event)
            if self._ids is not None:
                self._ids.add(event)
            elif len(times) > _FEW:
                self._ids = set(events)
            self._trim()
        return self.count(at, window)

    def _trim(self) -> None:
        times = self._times
        horizon = times[-1] - self._reach
        cut = bisect_right(times, horizon)
        if self._stretches:
            self._stretches.forget(horizon)
        if len(times) - cut > self._limits.most:
            self._stretches = self._stretches or Stretches()
            for at in times[cut : len(times) - self._limits.most]:
                self._stretches.add(at, self._reach // _PARTS)
            cut = len(times) - self._limits.most
        if cut:
            self.floor = max(self.floor, times[cut - 1])
            if self._ids is not None:
                self._ids.difference_update(self._events[:cut])
            del times[:cut], self._events[:cut]

    def _widen(self, window: Micros) -> None:
        reach = self._limits.reach(window)
        if not self._window and self._swept > NEVER:
            self.floor = self._swept - reach
        self._window, self._reach, self.changed = window, reach, True
