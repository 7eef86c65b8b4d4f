"""The port between the worker and where its work is kept: claims of partitions, and what may go wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from evenhand.runtime.eventlog import Row


class Claim(Struct, frozen=True):
    """The right to fold one partition from `position` on, until somebody else holds a higher epoch."""

    part: int
    epoch: int
    position: str


class Fenced(Exception):
    """Somebody else has claimed the partition: what was folded was not kept."""


class Unfoldable(Exception):
    """Events could not be folded; nothing of them was kept."""


class PartitionStore(Protocol):
    """Where positions, state and what follows from the events are kept; the desk implements it."""

    def claim(self, owner: str, lease_seconds: float) -> list[Claim]:
        """Renew our fair share among all workers that live: take what is free, give back what is over."""

    def fold(self, claim: Claim, rows: Sequence[Row], position: str) -> None:
        """Fold `rows` and move to `position`, in one transaction. Raises Fenced; Unfoldable: the rows are at fault."""

    def park(self, claim: Claim, row: Row, position: str, error: str) -> None:
        """Put one row aside, visibly, and move past it."""

    def release(self, owner: str) -> None:
        """Give all partitions back, so that another worker need not wait for the lease to run out."""
