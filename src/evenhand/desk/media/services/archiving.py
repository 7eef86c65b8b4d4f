"""The archive of seen hashes in the data folder: filled from the database, held against it, mended where they differ.

It only says which rows may be hits: each is looked up in the database, so what was erased there is never answered. The
bytes go, too: shards are held against the database in turns, and one that has a row which is no longer there (an
erasure, the end of a retention, a restored backup) is written anew from the rows that are.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog
from msgspec import Struct, structs

from evenhand.desk.media.queries import seen
from evenhand.engine.detect.knownmedia import PERCEPTUAL
from evenhand.runtime import config

if TYPE_CHECKING:
    from evenhand.runtime.archive import Archive, Extent

FLUSH: Final = 65_536
"""Hashes, or rows, that are written together when an archive is filled."""
KEEP_SECONDS: Final = 5.0
_HASH: Final = 32
_MODE: Final = 0o700

_log = structlog.get_logger("media")


class Told(Struct, frozen=True):
    """What an archive has: hashes, and the id of the newest."""

    rows: int = 0
    last: int = 0


class Filled(Struct, frozen=True):
    """How far the archives of all kinds go."""

    until: int = 0
    """Ids of Seen up to here were read."""
    exact: int = 0
    """Hashes among them that are no pictures': these are looked up in the database's own index."""
    kinds: dict[str, Told] = {}


@contextmanager
def held(*, wait: bool = True) -> Iterator[Kept | None]:
    """The archive of this data folder, for one at a time; None: another process has it, and `wait` is False.

    Raises OSError: the folder cannot be written.
    """
    where = folder()
    where.mkdir(mode=_MODE, parents=True, exist_ok=True)
    with (where / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
        else:
            yield Kept(where)


def folder() -> Path:
    return config.current().data_dir / "media" / "seen"


class Kept:
    """The archives of all kinds in one folder. Made by `held`; any method may raise OSError."""

    def __init__(self, where: Path) -> None:
        self._folder = where
        self._told = where / "filled.json"
        self._archives: dict[str, Archive] = {}
        self.filled = _read(self._told)
        for kind in PERCEPTUAL:
            self._open(kind)

    def _open(self, kind: str) -> None:
        """What is less than was told lost a shard; what is more was written when its telling was cut off."""
        told = self.filled.kinds.get(kind, Told())
        if not (told.rows or self.path(kind).exists()):
            return
        try:
            archive = self._archives[kind] = _archive().Archive(self.path(kind))
            is_whole = _of(archive) == told or (archive.last > told.last and len(archive) > told.rows)
            error = "" if is_whole else f"{_of(archive)} was found, {told} was told"
        except _archive().BadArchive as bad:
            error = str(bad)
        if error:
            self.start_anew(kind, error)

    def start_anew(self, kind: str, why: str) -> None:
        """All of it comes from the database again."""
        _log.error("The archive of seen hashes is made anew from the database.", kind=kind, error=why)
        self._archives.pop(kind, None)
        shutil.rmtree(self.path(kind), ignore_errors=True)
        self._tell(Filled())

    def extents(self, kind: str) -> list[Extent]:
        return self._archives[kind].extents() if kind in self._archives else []

    def path(self, kind: str) -> Path:
        return self._folder / kind

    def fill(self, until: int) -> Iterator[int]:
        """Take in what was seen up to the id `until`, which is settled: how many rows were read, again and again."""
        self._hold_against_newest(until)
        firsts = {kind: self._first(kind) for kind in PERCEPTUAL}
        after = min(firsts.values()) - 1
        waiting: list[tuple[int, str, bytes]] = []
        read = hashes = exact = 0
        for id_, kind, value in seen.rows(after, until):
            read += 1
            after = id_
            if value is None:
                exact += id_ > self.filled.until
            elif id_ >= firsts[kind]:
                waiting.append((id_, kind, value))
                hashes += len(value) // _HASH
            if max(hashes, read) >= FLUSH:
                self._write(waiting, after, exact)
                yield read
                waiting, read, hashes, exact = [], 0, 0, 0
        if self.filled.until < until or waiting:
            self._write(waiting, until, exact)
            yield read

    def _first(self, kind: str) -> int:
        """The first id that may be missing: where the telling was cut off, the last one may be there in part."""
        archive = self._archives.get(kind)
        if archive is None or _of(archive) == self.filled.kinds.get(kind, Told()):
            return self.filled.until + 1
        return archive.missing

    def _write(self, rows: list[tuple[int, str, bytes]], until: int, exact: int) -> None:
        for kind in PERCEPTUAL:
            if of_kind := [(id_, value) for id_, other, value in rows if other == kind]:
                if kind not in self._archives:
                    self._archives[kind] = _archive().Archive(self.path(kind))
                self._archives[kind].append(*_arrays(of_kind))
        self._tell(Filled(max(self.filled.until, until), self.filled.exact + exact, self._now()))

    def _now(self) -> dict[str, Told]:
        return {kind: _of(archive) for kind, archive in self._archives.items()}

    def _tell(self, filled: Filled) -> None:
        beside = self._told.with_suffix(".beside")
        with beside.open("wb") as file:
            file.write(msgspec.json.encode(filled))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._told)
        self.filled = filled

    # -- is it the database's?

    def _hold_against_newest(self, until: int) -> None:
        """Of a restored backup, ids stand for other hashes: it has given out fewer, or others by now."""
        for kind in tuple(self._archives):
            there = self.extents(kind)
            if there and max(there[-1].last, self.filled.until) > until:
                self.start_anew(kind, f"it goes to id {there[-1].last}, the database to {until}")
            elif there:
                self.check(kind, there[-1].number, whole=False)
        self.filled = structs.replace(self.filled, until=min(self.filled.until, until))

    def check(self, kind: str, number: int, *, whole: bool = True) -> None:
        """Whether a shard has the rows that the database has; it is mended when not. Not `whole`: whether its last row
        is the database's."""
        [extent] = [one for one in self.extents(kind) if one.number == number]
        try:
            ids, ends = _content(self.path(kind), extent)
        except (_archive().BadArchive, FileNotFoundError) as error:
            _log.error("A shard of the archive of seen hashes is made anew.", error=str(error))
            self.mend(kind, number)
            return
        if any(seen.is_another(kind, *end) for end in ends):
            self.start_anew(kind, f"shard {number} is of another database")
        elif whole and ids != seen.count(kind, *self._between(kind, number)):
            self.mend(kind, number)

    def mend(self, kind: str, number: int) -> None:
        """A shard anew, from the database: everything between its neighbours."""
        rows = [
            (id_, value) for id_, other, value in seen.rows(*self._between(kind, number)) if other == kind and value
        ]
        self._archives[kind].replace(number, *_arrays(rows))
        self._tell(structs.replace(self.filled, kinds=self._now()))

    def _between(self, kind: str, number: int) -> tuple[int, int]:
        """The ids behind the shard before, up to where the one behind begins."""
        there = self.extents(kind)
        before = max((one.last for one in there if one.number < number), default=0)
        behind = min((one.first for one in there if one.number > number), default=self.filled.until + 1)
        return before, behind - 1


def keep() -> None:
    """From time to time: takes in what was seen since, for so long as others can wait, and checks one shard."""
    if not (until := seen.settled()):
        return
    with held(wait=False) as kept:
        if kept is None:
            return
        began = time.monotonic()
        for _ in kept.fill(until):
            if time.monotonic() - began > KEEP_SECONDS:
                return
        shards = [(kind, one.number) for kind in PERCEPTUAL for one in kept.extents(kind)]
        if shards:
            kept.check(*shards[next(_turns) % len(shards)])


_turns: Final = itertools.count()


def _archive() -> ModuleType:
    from evenhand.runtime import archive  # noqa: PLC0415 (a desk that has seen nothing does not load it)

    return archive


def _of(archive: Archive) -> Told:
    return Told(len(archive), archive.last)


def _read(file: Path) -> Filled:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Filled)
    except (FileNotFoundError, msgspec.DecodeError):
        return Filled()


def _arrays(rows: Sequence[tuple[int, bytes]]) -> tuple[Any, Any]:
    """uint8[n, 32] and int64[n]: a row for each hash."""
    import numpy as np  # noqa: PLC0415 (as above)

    hashes = np.frombuffer(b"".join(value for _, value in rows), np.uint8).reshape(-1, _HASH)
    counts = [len(value) // _HASH for _, value in rows]
    return hashes, np.repeat(np.array([id_ for id_, _ in rows], np.int64), counts)


def _content(path: Path, extent: Extent) -> tuple[int, list[tuple[int, bytes]]]:
    """How many ids a shard has; its first and last row, as id and hash. Raises BadArchive."""
    import numpy as np  # noqa: PLC0415 (as above)

    count = 0
    ends: list[tuple[int, bytes]] = []
    for block in _archive().read(path, extent):
        rows = [(int(block.ids[at]), block.hashes[at].tobytes()) for at in (0, -1)]
        count += len(np.unique(block.ids)) - bool(ends and ends[1][0] == rows[0][0])
        ends = [(ends or rows)[0], rows[1]]
    return count, ends
