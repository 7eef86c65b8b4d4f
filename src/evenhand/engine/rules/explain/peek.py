"""A view of the rules' state that changes nothing: counters are looked at, as they stand for an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.engine.rules.run import LabelState, Micros, State
from evenhand.engine.rules.values import Entity


class Peek:
    """What counters said, or would say, when the event is counted; nothing is counted.

    Whether the event was counted before is told by its time: an event under the same key in the same microsecond is
    taken to be itself. How many different values there are is told without the event's own, when it was not counted.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def increment(self, key: str, *, event: int, at: Micros, window: Micros) -> int:  # noqa: ARG002 (the protocol's)
        found = self._state.count(key, at=at, window=window)
        before = self._state.count(key, at=at - 1, window=window - 1) if window > 1 else 0
        return found if found > before else found + 1

    def count(self, key: str, *, at: Micros, window: Micros) -> int:
        return self._state.count(key, at=at, window=window)

    def distinct(self, key: str, value: str | None, *, event: int, at: Micros, window: Micros) -> int:  # noqa: ARG002 (the protocol's)
        return self._state.distinct(key, None, event=event, at=at, window=window)

    def first_seen(self, key: str, *, at: Micros, note: bool) -> Micros | None:  # noqa: ARG002 (the protocol's)
        return self._state.first_seen(key, at=at, note=False)

    def labels(self, entity: Entity[Any], *, at: Micros) -> Mapping[str, LabelState]:
        return self._state.labels(entity, at=at)
