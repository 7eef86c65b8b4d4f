"""What the loops in numba are made of: comparing two hashes, growing an answer, sorting queries."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from evenhand.engine.media.hamming.compiling import compiled, ones

Array = np.ndarray[Any, Any]

LANES: Final = 16
"""Values that are compared together, also over the end of a bucket."""


@compiled()
def neighbours(hash: Array, t: Any) -> Any:  # noqa: A002 -- it is one
    """The next two chunks as one word."""
    return np.uint32(hash[(t + 1) & 15]) | np.uint32(np.uint32(hash[(t + 2) & 15]) << np.uint32(16))


@compiled()
def distance(a: Array, b: Array) -> Any:
    apart: Any = 0
    for t in range(16):
        apart += np.int64(ones(np.uint16(a[t] ^ b[t])))
    return apart


@compiled()
def first_start(a: Array, b: Array, most_in_one: Any, most_in_three: Any) -> Any:
    """The first chunk from which the pair passes the filter: each pair is told by that table alone."""
    for t in range(16):
        one = np.int64(ones(np.uint16(a[t] ^ b[t])))
        if one > most_in_one:
            continue
        two = np.int64(ones(np.uint16(a[(t + 1) & 15] ^ b[(t + 1) & 15])))
        if one + two + np.int64(ones(np.uint16(a[(t + 2) & 15] ^ b[(t + 2) & 15]))) <= most_in_three:
            return t
    return -1


@compiled()
def pushed(found: Array, count: Any, query: Any, row: Any, apart: Any) -> Array:
    """Writes the triple, into a copy of twice the size where there is no more room."""
    if count == len(found):
        larger = np.empty((2 * count, 3), np.uint32)
        larger[:count] = found
        found = larger
    found[count, 0] = query
    found[count, 1] = row
    found[count, 2] = apart
    return found


@compiled()
def patterns(most: Any) -> Array:
    """All patterns of at most `most` bits of a chunk, the one without bits first."""
    masks = np.zeros(137, np.uint16)
    count = 1
    for i in range(16):
        if most > 0:
            masks[count] = 1 << i
            count += 1
    for i in range(16):
        for j in range(i):
            if most > 1:
                masks[count] = 1 << i | 1 << j
                count += 1
    return masks[:count]


@compiled()
def sort_by_chunk(queries: Array, t: Any, order: Array, groups: Array) -> None:
    """The order of the queries by chunk t, and where each high byte of it begins."""
    low = np.zeros(257, np.int64)
    groups[:] = 0
    count = len(queries)
    for i in range(count):
        key = np.int64(queries[i, t])
        low[(key & 255) + 1] += 1
        groups[(key >> 8) + 1] += 1
    for c in range(256):
        low[c + 1] += low[c]
        groups[c + 1] += groups[c]
    high = groups[:256].copy()
    spare = np.empty(count, np.int64)
    for i in range(count):
        key = np.int64(queries[i, t]) & 255
        spare[low[key]] = i
        low[key] += 1
    for i in range(count):
        key = np.int64(queries[spare[i], t]) >> 8
        order[high[key]] = spare[i]
        high[key] += 1


@compiled()
def any_passes(near: Array, place: Any, asked: Any, limit: Any) -> Any:
    """Whether one of sixteen values from `place` on is near enough. Straight on, so that it becomes vector code."""
    hits = np.uint32(0)
    for lane in range(LANES):
        hits += np.uint32(ones(np.uint32(near[place + lane] ^ asked)) <= limit)
    return hits > 0
