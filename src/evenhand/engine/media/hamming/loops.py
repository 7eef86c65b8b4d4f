"""The loops of the index in numba; native/hamming_hot.c has the same in C, and says more about why.

Hashes are rows of sixteen chunks: uint16[n, 16]. Found pairs are triples: query, row, distance.
"""

# ruff: noqa: PLR0917, C901, PLR0912 -- kernels take arrays by position, and are flat for the compiler
from __future__ import annotations

from typing import Any

import numpy as np
from numba.core import types

from evenhand.engine.media.hamming.bits import (
    LANES,
    Array,
    any_passes,
    distance,
    first_start,
    neighbours,
    patterns,
    pushed,
    sort_by_chunk,
)
from evenhand.engine.media.hamming.compiling import compiled, ones, reading, writing

U8, U16, U32, I64 = types.uint8, types.uint16, types.uint32, types.int64
BLOCK = 16_384
"""Queries that are sorted together."""
GROUPS = 256
SORTED_FROM = 512
"""Queries from which on sorting them pays."""


@compiled(types.void(reading(U16, 2), writing(U32, 2), writing(U32, 2), writing(U32, 2)))
def build(hashes: Array, starts: Array, near: Array, rows: Array) -> None:
    """Counting sort, table by table."""
    n = len(hashes)
    place = np.empty(65536, np.uint32)
    for t in range(16):
        start = starts[t]
        start[:] = 0
        for row in range(n):
            start[np.int64(hashes[row, t]) + 1] += 1
        for c in range(65536):
            start[c + 1] += start[c]
        place[:] = start[:65536]
        for row in range(n):
            key = hashes[row, t]
            at = place[key]
            place[key] = at + 1
            near[t, at] = neighbours(hashes[row], t)
            rows[t, at] = row


_SEARCH = types.containers.Tuple((writing(U32, 2), types.boolean))(
    reading(U32, 2),
    reading(U32, 1),
    reading(U32, 1),
    reading(U16, 2),
    reading(U8, 1),
    reading(U16, 2),
    I64,
)


@compiled(_SEARCH)
def search(
    starts: Array,
    near: Array,
    rows: Array,
    hashes: Array,
    dead: Array,
    queries: Array,
    radius: int,
) -> tuple[Array, bool]:
    """Found pairs, and False where a table named a row that is not there.

    Many queries are sorted by chunk, and all that look into one part of a table (buckets with the same high byte) come
    together: the part is fetched from memory once for the block.
    """
    n = len(hashes)
    most_in_one, most_in_three = radius // 16, 3 * radius // 16
    masks = patterns(most_in_one)
    found = np.empty((64, 3), np.uint32)
    count = 0
    order = np.empty(min(BLOCK, len(queries)), np.int64)
    groups = np.empty(GROUPS + 1, np.int64)
    for first in range(0, len(queries), BLOCK):
        block = queries[first : first + BLOCK]
        parts = GROUPS if len(block) >= SORTED_FROM else 1
        for t in range(16):
            if parts == GROUPS:
                sort_by_chunk(block, t, order, groups)
            for part in range(parts):
                for mask in masks:
                    limit = np.uint32(most_in_three - np.int64(ones(mask)))
                    source = part ^ (np.int64(mask) >> 8) if parts == GROUPS else 0
                    begin, end = (groups[source], groups[source + 1]) if parts == GROUPS else (0, len(block))
                    for i in range(begin, end):
                        query = order[i] if parts == GROUPS else i
                        key = np.int64(block[query, t] ^ mask)
                        stop: Any = t * n + np.int64(starts[t, key + 1])
                        asked = neighbours(block[query], t)
                        for place in range(t * n + np.int64(starts[t, key]), stop, LANES):
                            over = place + LANES > len(near)
                            if not over and not any_passes(near, place, asked, limit):
                                continue
                            for at in range(place, min(place + LANES, stop)):
                                if ones(np.uint32(near[at] ^ asked)) > limit:
                                    continue
                                row = np.int64(rows[at])
                                if row >= n:
                                    return found[:0].copy(), False
                                apart = distance(hashes[row], block[query])
                                if apart > radius or (len(dead) and dead[row]):
                                    continue
                                if (
                                    first_start(
                                        hashes[row],
                                        block[query],
                                        most_in_one,
                                        most_in_three,
                                    )
                                    == t
                                ):
                                    found = pushed(found, count, first + query, row, apart)
                                    count += 1
    return found[:count].copy(), True


@compiled(types.void(writing(U32, 2), writing(U32, 2), reading(U16, 2), I64, I64))
def chain(heads: Array, following: Array, hashes: Array, first: int, end: int) -> None:
    for row in range(first, end):
        for t in range(16):
            key = hashes[row, t]
            following[row, t] = heads[t, key]
            heads[t, key] = row + 1


@compiled(
    writing(U32, 2)(
        reading(U32, 2),
        reading(U32, 2),
        reading(U16, 2),
        reading(U8, 1),
        I64,
        reading(U16, 2),
        I64,
    )
)
def follow(
    heads: Array,
    following: Array,
    hashes: Array,
    dead: Array,
    n: int,
    queries: Array,
    radius: int,
) -> Array:
    most_in_one, most_in_three = radius // 16, 3 * radius // 16
    masks = patterns(most_in_one)
    found = np.empty((64, 3), np.uint32)
    count = 0
    for t in range(16):
        for query in range(len(queries)):
            for mask in masks:
                link = np.int64(heads[t, queries[query, t] ^ mask])
                while link:
                    row = link - 1
                    link = np.int64(following[row, t])
                    if row >= n or dead[row]:
                        continue
                    apart = distance(hashes[row], queries[query])
                    if apart > radius:
                        continue
                    if first_start(hashes[row], queries[query], most_in_one, most_in_three) == t:
                        found = pushed(found, count, query, row, apart)
                        count += 1
    return found[:count].copy()


@compiled(writing(U32, 2)(reading(U16, 2), reading(U8, 1), I64, reading(U16, 2), I64))
def sweep(hashes: Array, dead: Array, n: int, queries: Array, radius: int) -> Array:
    found = np.empty((64, 3), np.uint32)
    count = 0
    for query in range(len(queries)):
        for row in range(n):
            apart = distance(hashes[row], queries[query])
            if apart <= radius and not (len(dead) and dead[row]):
                found = pushed(found, count, query, row, apart)
                count += 1
    return found[:count].copy()
