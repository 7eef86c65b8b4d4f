"""The archive asked about new entries: shard by shard, by several processes, going on where it was cut off."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct

from evenhand.engine.media.hamming import HammingIndex
from evenhand.engine.media.hamming.arrays import Bytes, Distances, Ids
from evenhand.runtime import parents
from evenhand.runtime.archive import BLOCK, ROWS, Block, Extent, read
from evenhand.runtime.index import map_index

SWAPPED_FROM: Final = 3_000
"""Entries from which on it is faster to index the rows and ask them about the entries (a quarter of the time at
10,000 entries) than to ask the entries about the rows."""
AHEAD: Final = 2
"""Shards for each process that are handed out before the first answer is taken: who stops waits for these only."""


class Scanned(Struct, frozen=True):
    """What was found in a shard behind the id `after`: the pairs, as three arrays of the same length."""

    shard: int
    rows: int
    """That were asked."""
    last: int
    """The id of the last of them; `after` where there was none."""
    ids: Ids
    """Of the archive."""
    entries: Ids
    """Of the index."""
    distances: Distances


def scan(
    folder: Path, extents: list[Extent], index: Path, *, after: int = 0, processes: int = 2, radius: int = 31
) -> Generator[Scanned]:
    """These shards of the archive against the index file, in the order of ids, behind the id `after`.

    Whoever keeps each `last` in one transaction with what was found goes on after a crash where it was. Few rows are
    asked in this process. Raises BadArchive, BadIndexFile, BrokenProcessPool.
    """
    left = [one for one in extents if one.last > after]
    if sum(one.rows for one in left) <= ROWS:
        found, _ = map_index(index)
        for one in left:
            yield scan_shard(found, folder, one, after=after, radius=radius)
        return
    parents.name_this_one()
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (index,))
    try:
        yield from _in_turn(pool, [(folder, one, after, radius) for one in left], AHEAD * processes)
    finally:
        pool.shutdown(cancel_futures=True)


_Task = tuple[Path, Extent, int, int]


def _in_turn(pool: ProcessPoolExecutor, tasks: list[_Task], ahead: int) -> Iterator[Scanned]:
    waiting: deque[Future[Scanned]] = deque()
    for task in tasks:
        waiting.append(pool.submit(_scan_one, task))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def scan_shard(index: HammingIndex, folder: Path, shard: Extent, *, after: int = 0, radius: int = 31) -> Scanned:
    """Every row of a shard behind the id `after`, up to the last of its extent, against the index. Raises BadArchive,
    FileNotFoundError."""
    found = []
    rows, last = 0, after
    together = ROWS if len(index) >= SWAPPED_FROM else BLOCK
    for hashes, ids in _gathered(folder, shard, together):
        first, end = (int(np.searchsorted(ids, bound, "right")) for bound in (after, shard.last))
        if first < end:
            rows, last = rows + end - first, int(ids[end - 1])
            found.append(_pairs(index, hashes[first:end], ids[first:end], radius))
    parts = zip(*found, strict=True) if found else ([np.zeros(0, np.int64)],) * 2 + ([np.zeros(0, np.int16)],)
    return Scanned(shard.number, rows, last, *(np.concatenate(part) for part in parts))


def _pairs(index: HammingIndex, hashes: Bytes, ids: Ids, radius: int) -> tuple[Ids, Ids, Distances]:
    """Ids of rows, ids of entries, distances; in no order."""
    if len(index) < SWAPPED_FROM or len(ids) < len(index):
        matches = index.search_many(hashes, radius)
        return ids[matches.queries], matches.ids, matches.distances
    entries = index.to_arrays()
    matches = HammingIndex(hashes, np.arange(len(ids))).search_many(entries["hashes"], radius)
    return ids[matches.ids], entries["ids"][matches.queries], matches.distances


def _gathered(folder: Path, shard: Extent, together: int) -> Iterator[tuple[Bytes, Ids]]:
    """Small blocks together, so that each question has many hashes."""
    waiting: list[Block] = []
    count = 0
    for block in read(folder, shard):
        waiting.append(block)
        count += len(block.ids)
        if count >= together:
            yield _joined(waiting)
            waiting, count = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[Block]) -> tuple[Bytes, Ids]:
    if len(parts) == 1:
        return parts[0].hashes, parts[0].ids
    return np.concatenate([part.hashes for part in parts]), np.concatenate([part.ids for part in parts])


_index: HammingIndex | None = None
"""Of a scanning process: mapped once."""


def _begin(index: Path) -> None:
    global _index
    parents.end_with_it()
    _index, _ = map_index(index)


def _scan_one(task: _Task) -> Scanned:
    folder, shard, after, radius = task
    assert _index is not None
    return scan_shard(_index, folder, shard, after=after, radius=radius)
