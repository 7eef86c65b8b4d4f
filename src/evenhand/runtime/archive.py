"""The archive of all hashes ever seen: shards that are only appended to, in the order of their ids.

A shard is a run of blocks, each with its count and checksum: hashes (32 bytes each), then ids (int64 each). A block
that a crash cut off is dropped when the next one is written. A full shard is written anew in large blocks, does not
change after that, and has all of its rows or is refused. The database has the same hashes, and is what counts: a shard
that is damaged, or has what the database has no longer, is replaced by another one.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from struct import Struct as Layout
from typing import Any, Final

import numpy as np
from msgspec import Struct

from evenhand.engine.media.hamming.arrays import WIDTH, Bytes, Ids, as_hashes, as_ids
from evenhand.runtime.index import flush_folder

ROWS: Final = 1_000_000
"""Of a full shard: 40 MB, and what is asked again when a scan was cut off."""
BLOCK: Final = 65_536
"""Rows that are written, and asked, together."""
EACH: Final = WIDTH + 8
MARK: Final = b"EHBLOCK1"
_HEAD: Final = Layout("<8sIIQ")
_ID: Final = Layout("<q")


class BadArchive(Exception):
    """A shard is damaged; the message says which, and where."""


class Block(Struct, frozen=True):
    """Some rows of a shard, and where the next block begins."""

    hashes: Bytes
    ids: Ids
    end: int
    of: int
    """Rows of the whole shard, where it is full; 0 where it grows."""


class Extent(Struct, frozen=True):
    """What a shard has: so many rows, from this id to that one."""

    number: int
    rows: int
    first: int
    last: int
    full: bool


class Archive:
    """One writer; any number of readers. Raises BadArchive: a shard cannot be read, or is not in the order of ids."""

    def __init__(self, folder: Path, *, rows: int = ROWS) -> None:
        self.folder = folder
        self._rows = rows
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        self._full = [_extent(shard_path(self.folder, number)) for number in shards(self.folder)]
        self._growing: Extent | None = None
        self._end = 0
        if self._full and not self._full[-1].full:
            self._grow_again(self._full.pop())
        if cut := [one.number for one in self._full if not one.full]:
            raise BadArchive(f"{shard_path(self.folder, cut[0])}: the shard is not full, though there is a later one")
        _in_order(self.folder, self.extents())

    def _grow_again(self, found: Extent) -> None:
        """Of a shard that grows, what a crash cut off does not count."""
        parts = list(blocks(shard_path(self.folder, found.number)))
        self._end = parts[-1].end if parts else 0
        self._growing = _of_parts(found.number, parts)

    def __len__(self) -> int:
        """Rows that are on the disk."""
        return sum(one.rows for one in self.extents())

    @property
    def last(self) -> int:
        """The id of the newest row; 0: there is none."""
        return max((one.last for one in self.extents()), default=0)

    @property
    def missing(self) -> int:
        """The first id of which rows may be missing: whoever fills the archive goes on from here. Of the newest id of a
        shard that grows, a crash may have cut some off."""
        if self._growing and self._growing.rows:
            return self._growing.last
        return self.last + 1 if self._full else 0

    def extents(self) -> list[Extent]:
        """Of all shards that have rows, in their order."""
        return [one for one in (*self._full, *filter(None, [self._growing])) if one.rows]

    def append(self, hashes: Any, ids: Any) -> None:
        """Rows (uint8[n, 32], int64[n] in their order) that are on the disk when it returns. All of one id come at
        once, and stay in one shard. Raises ValueError: an id is smaller than `missing`."""
        rows = as_hashes(hashes)
        numbers = as_ids(ids, len(rows))
        if len(rows) and (numbers[0] < self.missing or np.any(numbers[1:] < numbers[:-1])):
            raise ValueError(f"{self.folder}: rows have to come in the order of their ids, from {self.missing} on")
        while len(rows):
            growing = self._growing or Extent(self._next(), 0, 0, 0, full=False)
            room = _room(growing, self._rows, numbers)
            self._growing = self._written(growing, rows[:room], numbers[:room]) if room else growing
            rows, numbers = rows[room:], numbers[room:]
            if self._growing.rows >= self._rows:
                self._seal(self._growing)

    def replace(self, number: int, hashes: Any, ids: Any) -> None:
        """A shard has these rows from now on, in one step; without any, it is gone."""
        rows = as_hashes(hashes)
        numbers = as_ids(ids, len(rows))
        growing = self._growing if self._growing and self._growing.number == number else None
        path = shard_path(self.folder, number)
        if len(rows):
            _put(path, _packed(rows, numbers, of=0 if growing else len(rows)))
        else:
            path.unlink(missing_ok=True)
            flush_folder(self.folder)
        self._open()

    def _next(self) -> int:
        return self._full[-1].number + 1 if self._full else 0

    def _written(self, growing: Extent, hashes: Bytes, ids: Ids) -> Extent:
        path = shard_path(self.folder, growing.number)
        with path.open("r+b" if path.exists() else "x+b") as file:
            file.truncate(self._end)
            file.seek(self._end)
            file.writelines(_packed(hashes, ids))
            file.flush()
            os.fsync(file.fileno())
            self._end = file.tell()
        flush_folder(self.folder)
        first = growing.first if growing.rows else int(ids[0])
        return Extent(growing.number, growing.rows + len(ids), first, int(ids[-1]), full=False)

    def _seal(self, growing: Extent) -> None:
        path = shard_path(self.folder, growing.number)
        parts = list(blocks(path))
        hashes, ids = (np.concatenate([getattr(part, name) for part in parts]) for name in ("hashes", "ids"))
        _put(path, _packed(hashes, ids, of=len(ids)))
        self._full.append(Extent(growing.number, len(ids), growing.first, growing.last, full=True))
        self._growing, self._end = None, 0


def _room(growing: Extent, most: int, ids: Ids) -> int:
    """How many of these rows go into the shard: as many as fit, and what else has the id of the last of them."""
    fit = min(max(most - growing.rows, 0), len(ids))
    if not fit and not growing.rows:
        return 0
    return int(np.searchsorted(ids, ids[fit - 1] if fit else growing.last, "right"))


def shards(folder: Path) -> list[int]:
    return sorted(int(file.stem) for file in folder.glob("[0-9]*.hashes"))


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
                    raise BadArchive(f"{path}: the block at byte {at} is damaged")
                return
            yield block
            at, full = block.end, block.of
        if full and at < full * EACH:
            raise BadArchive(f"{path}: the shard ends at byte {at}, before its {full} rows")


def read(folder: Path, extent: Extent) -> Iterator[Block]:
    """The blocks of a shard, which has all the rows that it had when its extent was taken, and maybe more. Raises
    BadArchive, FileNotFoundError."""
    rows, last = 0, 0
    path = shard_path(folder, extent.number)
    for block in blocks(path):
        rows, last = rows + len(block.ids), int(block.ids[-1])
        yield block
    if rows < extent.rows or last < extent.last:
        raise BadArchive(f"{path}: {rows} of its {extent.rows} rows can be read, up to the id {last}")


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


def _put(path: Path, content: Iterable[bytes]) -> None:
    beside = path.with_suffix(".beside")
    with beside.open("wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush_folder(path.parent)


def _extent(path: Path) -> Extent:
    """Read from the two ends of a full shard; its rows are read, and held against their checksums, when they are
    asked."""
    number = int(path.stem)
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return Extent(number, 0, 0, 0, full=False)
        mark, count, _, of = _HEAD.unpack(head)
        if mark != MARK or not 0 < count <= BLOCK:
            raise BadArchive(f"{path}: it does not begin as a shard does")
        if not of:
            return Extent(number, 0, 0, 0, full=False)
        file.seek(_HEAD.size + count * WIDTH)
        first = file.read(_ID.size)
        file.seek(-_ID.size, os.SEEK_END)
        last = file.read(_ID.size)
    if len(first) < _ID.size:
        raise BadArchive(f"{path}: the shard ends before its first id")
    return Extent(number, of, _ID.unpack(first)[0], _ID.unpack(last)[0], full=True)


def _of_parts(number: int, parts: list[Block]) -> Extent:
    if not parts:
        return Extent(number, 0, 0, 0, full=False)
    rows = sum(len(part.ids) for part in parts)
    return Extent(number, rows, int(parts[0].ids[0]), int(parts[-1].ids[-1]), full=False)


def _in_order(folder: Path, extents: list[Extent]) -> None:
    apart = all(one.last < other.first for one, other in pairwise(extents))
    if not apart or any(one.first > one.last for one in extents):
        raise BadArchive(f"{folder}: the shards are not in the order of their ids")
