"""The kernels in C, as Python calls them. Importing this fails where the extension was not built."""

from __future__ import annotations

import numpy as np

from evenhand.engine.media import _native
from evenhand.engine.media.hamming.added import Added
from evenhand.engine.media.hamming.arrays import BUCKETS, CHUNKS, Bytes, Found, Words
from evenhand.engine.media.hamming.tables import Tables


class Native:
    """Releases the interpreter while it searches."""

    def __init__(self, level: int | None = None) -> None:
        levels = _native.levels()
        self.level = levels - 1 if level is None else level
        if not 0 <= self.level < levels:
            raise ValueError(f"this processor has levels 0 to {levels - 1}, and no {level}")
        self.name = f"C, level {self.level}"

    def build(self, hashes: Bytes) -> tuple[Words, Words, Words]:
        starts = np.empty((CHUNKS, BUCKETS + 1), np.uint32)
        near = np.empty((CHUNKS, len(hashes)), np.uint32)
        rows = np.empty_like(near)
        _native.build(hashes, starts, near, rows)
        return starts, near, rows

    def search(self, tables: Tables, dead: Bytes, queries: Bytes, radius: int) -> Found:
        found = _native.search(
            self.level,
            tables.starts,
            tables.near,
            tables.rows,
            tables.hashes,
            dead,
            queries,
            radius,
        )
        return _triples(found)

    def chain(self, added: Added, first: int, end: int) -> None:
        _native.chain(added.heads, added.next, added.hashes, first, end)

    def follow(self, added: Added, queries: Bytes, radius: int) -> Found:
        return _triples(
            _native.follow(
                self.level,
                added.heads,
                added.next,
                added.hashes,
                added.dead,
                added.count,
                queries,
                radius,
            )
        )

    def sweep(self, hashes: Bytes, dead: Bytes, count: int, queries: Bytes, radius: int) -> Found:
        return _triples(_native.sweep(self.level, hashes, dead, count, queries, radius))


def _triples(found: bytes) -> Found:
    return np.frombuffer(found, np.uint32).reshape(-1, 3)
