"""The immutable part of the index: sixteen tables that find all rows within a radius without looking at most of them.

Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012): a hash is sixteen chunks of 16 bits. If two hashes differ
in at most T bits, some chunk differs in at most T/16 of them, so that for T = 31 looking into the 17 buckets of each
table that are at most one bit away finds every match.

The pigeonring (Qin and Xiao, VLDB 2018) says more: laid out in a ring, there is a chunk from which *every* run of l
chunks differs in at most l·T/16 bits. So each row of a table carries its next two chunks, and those are compared
before the hash itself is fetched: for T = 31, three neighbouring chunks may differ in 5 bits, which six in a hundred
thousand unrelated hashes do. A pair may pass at several chunks; it is told by the first alone.

Proof, in short: let d be the differences of the chunks with sum at most T, and s(l) = d(0) + … + d(l-1) - l·T/16, with
s(16) ≤ 0. Start where s was highest (the last such place on the ring): from there no run sums to more than its share.
Whole bits cannot pass floor(l·T/16).
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from evenhand.engine.media.hamming.arrays import (
    BUCKETS,
    CHUNKS,
    WIDTH,
    Bytes,
    Ids,
    Words,
)


class Damaged(ValueError):
    """Arrays that cannot be an index; the message says which, and what is wrong with it."""


class Tables(Struct, frozen=True):
    """n rows in ascending order of their ids, 168 bytes for each, and 4 MB of bucket starts."""

    hashes: Bytes
    """[n, 32]"""
    ids: Ids
    """[n], ascending; an id may have several rows."""
    starts: Words
    """[16, 65537]: where in table t the rows begin whose chunk t has this value; the last is n."""
    near: Words
    """[16, n]: chunk t+1 of the row, and chunk t+2 in the upper half."""
    rows: Words
    """[16, n]: which row it is."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (self.hashes, self.ids, self.starts, self.near, self.rows))


def check(tables: Tables) -> None:
    """What must hold for a search to be safe and right, as far as it can be seen without reading everything.

    Raises Damaged. The kernels check for themselves that a row exists before they read its hash.
    """
    n = len(tables.ids)
    wanted = {
        "hashes": (np.uint8, (n, WIDTH)),
        "ids": (np.int64, (n,)),
        "starts": (np.uint32, (CHUNKS, BUCKETS + 1)),
        "near": (np.uint32, (CHUNKS, n)),
        "rows": (np.uint32, (CHUNKS, n)),
    }
    for name, (dtype, shape) in wanted.items():
        array = getattr(tables, name)
        if array.dtype != dtype or array.shape != shape or not array.flags.c_contiguous:
            raise Damaged(f"{name} is {array.dtype}{list(array.shape)}, not {np.dtype(dtype)}{list(shape)}")
    if (tables.starts[:, 0] != 0).any() or (tables.starts[:, -1] != n).any():
        raise Damaged(f"starts do not run from 0 to {n}")
    if (tables.starts[:, 1:] < tables.starts[:, :-1]).any():
        raise Damaged("starts do not ascend")
    if (tables.ids[1:] < tables.ids[:-1]).any():
        raise Damaged("ids do not ascend")
