"""When a key was first noted."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.state.limits import NEVER, Limits

MONTH: Final[Micros] = 30 * 24 * 3600 * 1_000_000
KEPT: Final = 13 * MONTH
"""A key that was not noted for so long (and up to a month more) is forgotten: if it comes again, it is new."""


class First:
    """`kept` is [the first time, the month in which it was last noted]: a month, so that little is written."""

    __slots__ = ("_first", "_month", "changed")

    def __init__(self, limits: Limits, value: Any = None, swept: Micros = NEVER) -> None:  # noqa: ARG002 (counters of all kinds are made alike)
        self.changed = False
        self._first: Micros | None
        self._month: int
        self._first, self._month = value or (None, 0)

    def seen(self, at: Micros, *, note: bool) -> Micros | None:
        """The first time, if it is not after `at`."""
        if note:
            self._note(at)
        return self._first if self._first is not None and self._first <= at else None

    def kept(self) -> Any:
        """The value to keep."""
        return [self._first, self._month]

    @property
    def expires_at(self) -> Micros:
        return NEVER if self._first is None else (self._month + 1) * MONTH + KEPT

    def _note(self, at: Micros) -> None:
        if self._first is None:
            self._first, self._month, self.changed = at, at // MONTH, True
        elif at < self._first:
            self._first, self.changed = at, True
        elif at // MONTH > self._month:
            self._month, self.changed = at // MONTH, True
