"""How much is remembered under one key, and for how long."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from evenhand.engine.rules.run import Micros

NEVER: Final[Micros] = -(1 << 62)
"""Before every time."""
ALWAYS: Final[Micros] = 253_402_300_799_000_000
"""The end of the year 9999: after every time that a date can have."""


HOUR: Final[Micros] = 3600 * 1_000_000


class TooLate(ValueError):
    """What came in the window of an event is no longer kept: its count is not known."""


class Limits(Struct, frozen=True):
    """`most`: so many events, or different values, are kept one by one under one key, the newest. An answer below it is
    exact. One that is not is a lower bound, and the state says so in `at_least`.

    `lateness`: by how much an event may be older than the newest of its key and still be counted, itself and the window
    before it; for one that is older there is no answer. None: by an hour, or as much as the longest window that was
    asked for under the key.
    """

    most: int = 1000
    lateness: Micros | None = None

    def reach(self, window: Micros) -> Micros:
        """How long an event is needed: for its window, and for what comes late."""
        return window + self.late(window)

    def late(self, window: Micros) -> Micros:
        """How much an event may be older than the newest of its key."""
        return max(window, HOUR) if self.lateness is None else self.lateness

    def demand(self, at: Micros, newest: Micros, window: Micros) -> None:
        """Raises TooLate: an event of this time is older than that."""
        behind, late = newest - at, self.late(window)
        if behind > late:
            raise TooLate(
                f"the event came {_seconds(behind)} behind the newest of its key; counts are kept for {_seconds(late)}."
            )


def _seconds(micros: Micros) -> str:
    return f"{micros / 1_000_000:,.3f}".rstrip("0").rstrip(".") + " s"
