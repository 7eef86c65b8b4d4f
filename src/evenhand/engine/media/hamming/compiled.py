"""The kernels in numba, as Python calls them."""

from __future__ import annotations

import numpy as np

from evenhand.engine.media.hamming import loops
from evenhand.engine.media.hamming.added import Added
from evenhand.engine.media.hamming.arrays import (
    BUCKETS,
    CHUNKS,
    NONE_DEAD,
    Bytes,
    Found,
    Words,
)
from evenhand.engine.media.hamming.tables import Damaged, Tables


class Numba:
    """Compiled when `loops` is first imported (seconds), and read from the disk after that where it may be written."""

    name = "numba"

    def build(self, hashes: Bytes) -> tuple[Words, Words, Words]:
        starts = np.empty((CHUNKS, BUCKETS + 1), np.uint32)
        near = np.empty((CHUNKS, len(hashes)), np.uint32)
        rows = np.empty_like(near)
        loops.build(_chunks(hashes), starts, near, rows)
        return starts, near, rows

    def search(self, tables: Tables, dead: Bytes, queries: Bytes, radius: int) -> Found:
        found, whole = loops.search(
            tables.starts, tables.near.reshape(-1), tables.rows.reshape(-1), _chunks(tables.hashes), dead,
            _chunks(queries), radius,
        )  # fmt: skip
        if not whole:
            raise Damaged("the index is damaged: a table names a row that is not there")
        return found

    def chain(self, added: Added, first: int, end: int) -> None:
        loops.chain(added.heads, added.next, _chunks(added.hashes), first, end)

    def follow(self, added: Added, queries: Bytes, radius: int) -> Found:
        return loops.follow(
            added.heads,
            added.next,
            _chunks(added.hashes),
            added.dead,
            added.count,
            _chunks(queries),
            radius,
        )

    def sweep(self, hashes: Bytes, dead: Bytes, count: int, queries: Bytes, radius: int) -> Found:
        marks = dead if len(dead) else NONE_DEAD
        return loops.sweep(_chunks(hashes), marks, count, _chunks(queries), radius)


def _chunks(hashes: Bytes) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """The same memory as [n, 16] of 16 bits."""
    return hashes.view(np.uint16).reshape(-1, CHUNKS)
