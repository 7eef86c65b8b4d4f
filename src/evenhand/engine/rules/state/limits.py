"""How much is remembered under one key, and for how long."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from evenhand.engine.rules.run import Micros

NEVER: Final[Micros] = -(1 << 62)
"""Before every time."""
ALWAYS: Final[Micros] = 253_402_300_799_000_000
"""The end of the year 9999: after every time that a date can have."""


class Limits(Struct, frozen=True):
    """`most`: so many events, or different values, are kept one by one under one key, the newest. Beyond them an answer
    is a lower bound, and the state says so in `at_least`.

    `lateness`: by how much an event may be older than the newest of its key and still be counted exactly, itself and
    the window before it. None: by as much as the longest window that was asked for under the key.
    """

    most: int = 1000
    lateness: Micros | None = None

    def reach(self, window: Micros) -> Micros:
        """How long an event is needed: for its window, and for what comes late."""
        return window + (window if self.lateness is None else self.lateness)
