"""What was added to an index since its tables were built: rows chained into buckets, findable at once.

Adding costs 32 writes, whatever the size of the index. A chain's links are scattered in memory, which is why they
become tables again when there are many of them.
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np

from evenhand.engine.media.hamming.arrays import BUCKETS, CHUNKS, WIDTH, Bytes, Ids

ROOM: Final = 65_536
"""Rows that there is room for at first. Memory that nobody wrote to yet is not taken."""


class Added:
    """One writer at a time; readers need not wait. A reader holds to the object, and to the `count` that it saw: rows
    are written before they are counted, and growing makes another object."""

    def __init__(self, room: int = ROOM) -> None:
        self.heads = np.zeros((CHUNKS, BUCKETS), np.uint32)
        """The newest row of the bucket, plus one; 0 where there is none."""
        self.next = np.empty((room, CHUNKS), np.uint32)
        """The row before it in the same bucket, plus one."""
        self.hashes: Bytes = np.empty((room, WIDTH), np.uint8)
        self.ids: Ids = np.empty(room, np.int64)
        self.dead: Bytes = np.zeros(room, np.uint8)
        self.count = 0

    def with_room_for(self, more: int) -> Self:
        """Itself, or a copy with at least twice the room."""
        needed = self.count + more
        if needed <= len(self.ids):
            return self
        grown = type(self)(max(needed, 2 * len(self.ids)))
        grown.heads[:] = self.heads
        for name in ("next", "hashes", "ids", "dead"):
            getattr(grown, name)[: self.count] = getattr(self, name)[: self.count]
        grown.count = self.count
        return grown

    def rows_of(self, ids: Ids) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The rows under these ids that are not dead."""
        live = self.dead[: self.count] == 0
        return np.flatnonzero(np.isin(self.ids[: self.count], ids) & live)
