"""The archive of all hashes ever seen, for asking it about new entries: shards that are only appended to.

A shard is a run of blocks, each with its count and checksum: hashes (32 bytes each), then ids (int64 each). A block
that a crash cut off is dropped when the next one is written. A full shard is written anew in large blocks, does not
change after that, and has all of its rows or is refused. The database has the same hashes, and is what counts: an
archive that is damaged is made anew.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from struct import Struct as Layout
from typing import Any, Final

import numpy as np
from msgspec import Struct

from evenhand.engine.media.hamming import HammingIndex
from evenhand.engine.media.hamming.arrays import WIDTH, Bytes, Distances, Ids, as_hashes, as_ids
from evenhand.runtime import parents
from evenhand.runtime.index import flush_folder, map_index

ROWS: Final = 1_000_000
"""Of a full shard: 40 MB, and what is asked again when a scan was cut off."""
BLOCK: Final = 65_536
"""Rows that are written, and asked, together."""
SWAPPED_FROM: Final = 3_000
"""Entries from which on it is faster to index the rows and ask them about the entries (a quarter of the time at
10,000 entries) than to ask the entries about the rows."""
_HEAD: Final = Layout("<8sIIQ")
MARK: Final = b"EHBLOCK1"
EACH: Final = WIDTH + 8


class BadArchive(Exception):
    """A shard is damaged; the message says which, and where."""


class Block(Struct, frozen=True):
    """Some rows of a shard, and where the next block begins."""

    hashes: Bytes
    ids: Ids
    end: int
    of: int
    """Rows of the whole shard, where it is full; 0 where it grows."""


class Scanned(Struct, frozen=True):
    """What was found in a shard from row `after` to row `rows`: the pairs, as three arrays of the same length."""

    shard: int
    after: int
    rows: int
    ids: Ids
    """Of the archive."""
    entries: Ids
    """Of the index."""
    distances: Distances


class Archive:
    """One writer; any number of readers."""

    def __init__(self, folder: Path, *, rows: int = ROWS) -> None:
        self.folder = folder
        self._rows = rows
        folder.mkdir(parents=True, exist_ok=True)
        shards = self.shards()
        self._number = shards[-1] if shards else 0
        self._count, self._end = _whole(self._path(self._number))
        self._sealed = rows * self._number

    def __len__(self) -> int:
        """Rows that are on the disk: whoever fills the archive goes on from here."""
        return self._sealed + self._count

    def shards(self) -> list[int]:
        return sorted(int(file.stem) for file in self.folder.glob("[0-9]*.hashes"))

    def append(self, hashes: Any, ids: Any) -> None:
        """Rows (uint8[n, 32], int64[n]) that are on the disk when it returns."""
        rows = as_hashes(hashes)
        numbers = as_ids(ids, len(rows))
        while len(rows):
            room = self._rows - self._count
            self._write(rows[:room], numbers[:room])
            rows, numbers = rows[room:], numbers[room:]
            if self._count == self._rows:
                self._seal()

    def _write(self, hashes: Bytes, ids: Ids) -> None:
        path = self._path(self._number)
        with path.open("r+b" if path.exists() else "x+b") as file:
            file.truncate(self._end)
            file.seek(self._end)
            file.writelines(_packed(hashes, ids))
            file.flush()
            os.fsync(file.fileno())
            self._end = file.tell()
        flush_folder(self.folder)
        self._count += len(hashes)

    def _seal(self) -> None:
        path = self._path(self._number)
        beside = path.with_suffix(".sealing")
        parts = list(blocks(path))
        hashes, ids = (np.concatenate([getattr(part, name) for part in parts]) for name in ("hashes", "ids"))
        with beside.open("wb") as file:
            file.writelines(_packed(hashes, ids, of=len(ids)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        flush_folder(self.folder)
        self._number += 1
        self._sealed += self._count
        self._count = self._end = 0

    def _path(self, number: int) -> Path:
        return shard_path(self.folder, number)


def shard_path(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.hashes"


def blocks(path: Path) -> Iterator[Block]:
    """The blocks of a shard up to the first that is not wholly there. Raises BadArchive: a block does not agree with
    its checksum, and is not merely the last write of a shard that grows."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = full = 0
        while at < size:
            block = _block(file.read(_HEAD.size), file, at)
            if block is None:
                if full or size - at > _HEAD.size + BLOCK * EACH:
                    raise BadArchive(
                        f"{path}: the block at byte {at} is damaged; make the archive anew from the database"
                    )
                return
            yield block
            at, full = block.end, block.of
        if full and at < full * EACH:
            raise BadArchive(f"{path}: the shard ends at byte {at}, before its {full} rows; make the archive anew")


def _block(head: bytes, file: Any, at: int) -> Block | None:
    if len(head) < _HEAD.size:
        return None
    mark, count, checksum, of = _HEAD.unpack(head)
    if mark != MARK or not 0 < count <= BLOCK:
        return None
    body = file.read(count * EACH)
    if len(body) < count * EACH or _checksum(count, of, body) != checksum:
        return None
    hashes = np.frombuffer(body, np.uint8, count * WIDTH).reshape(-1, WIDTH)
    return Block(hashes, np.frombuffer(body, "<i8", count, count * WIDTH), at + _HEAD.size + len(body), of)


def _checksum(count: int, of: int, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(b"%d of %d" % (count, of)))


def _packed(hashes: Bytes, ids: Ids, *, of: int = 0) -> Iterator[bytes]:
    for first in range(0, len(ids), BLOCK):
        part = hashes[first : first + BLOCK]
        body = part.tobytes() + ids[first : first + BLOCK].astype("<i8").tobytes()
        yield _HEAD.pack(MARK, len(part), _checksum(len(part), of, body), of) + body


def _whole(path: Path) -> tuple[int, int]:
    """Rows that are wholly there, and the byte after them."""
    count = end = 0
    if path.exists():
        for block in blocks(path):
            count, end = count + len(block.ids), block.end
    return count, end


def scan_shard(index: HammingIndex, folder: Path, number: int, *, after: int = 0, radius: int = 31) -> Scanned:
    """Every row of a shard from number `after` on against the index. Raises BadArchive, FileNotFoundError."""
    found = []
    row = 0
    together = ROWS if len(index) >= SWAPPED_FROM else BLOCK
    for hashes, ids in _gathered(shard_path(folder, number), together):
        skip = min(max(after - row, 0), len(ids))
        row += len(ids)
        if skip < len(ids):
            found.append(_pairs(index, hashes[skip:], ids[skip:], radius))
    parts = zip(*found, strict=True) if found else ([np.zeros(0, np.int64)],) * 2 + ([np.zeros(0, np.int16)],)
    return Scanned(number, after, row, *(np.concatenate(part) for part in parts))


def _pairs(index: HammingIndex, hashes: Bytes, ids: Ids, radius: int) -> tuple[Ids, Ids, Distances]:
    """Ids of rows, ids of entries, distances; in no order."""
    if len(index) < SWAPPED_FROM or len(ids) < len(index):
        matches = index.search_many(hashes, radius)
        return ids[matches.queries], matches.ids, matches.distances
    entries = index.to_arrays()
    matches = HammingIndex(hashes, np.arange(len(ids))).search_many(entries["hashes"], radius)
    return ids[matches.ids], entries["ids"][matches.queries], matches.distances


def _gathered(path: Path, together: int) -> Iterator[tuple[Bytes, Ids]]:
    """Small blocks together, so that each question has many hashes."""
    waiting: list[Block] = []
    count = 0
    for block in blocks(path):
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


def scan(
    folder: Path, index: Path, *, done: Mapping[int, int] | None = None, processes: int = 2, radius: int = 31
) -> Iterator[Scanned]:
    """The whole archive against the index file, by several processes, shard by shard in any order.

    `done`: how many rows of which shards were scanned before; whoever keeps each `rows` with what was found, in one
    transaction, goes on after a crash where it was. Raises BadArchive, BadIndexFile.
    """
    left = {number: (done or {}).get(number, 0) for number in Archive(folder).shards()}
    tasks = [(folder, number, after, radius) for number, after in left.items() if not _is_done(folder, number, after)]
    parents.name_this_one()
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (index,)) as pool:
        yield from pool.map(_scan_one, tasks)


def _is_done(folder: Path, number: int, after: int) -> bool:
    """Whether a shard is full and was scanned to its end; others may have grown."""
    return after >= ROWS or (after > 0 and _whole(shard_path(folder, number))[0] == after)


_index: HammingIndex | None = None
"""Of a scanning process: mapped once."""


def _begin(index: Path) -> None:
    global _index
    parents.end_with_it()
    _index, _ = map_index(index)


def _scan_one(task: tuple[Path, int, int, int]) -> Scanned:
    folder, number, after, radius = task
    assert _index is not None
    return scan_shard(_index, folder, number, after=after, radius=radius)
