"""Index files: plain arrays with their checksums, mapped read-only and so shared by all processes that have them open.

One file: the mark, the header (JSON: what it is, up to which change, the arrays), then each array on pages of its own.
Every byte is covered by a checksum. A file is never changed, only replaced by another one in one step; who has the old
one mapped keeps it. There is no log of changes beside it: `position` says up to which change of the database the file
goes, and what came later is added from there. The checksums tell damage, not a forger who may write the folder.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import Struct

from evenhand.engine.media.exact import ExactSet
from evenhand.engine.media.hamming import Damaged, HammingIndex

MARK: Final = b"EVENHAND INDEX 1"
PAGE: Final = 4096
LENGTH_AT: Final = len(MARK)
DIGEST_AT: Final = LENGTH_AT + 8
HEADER_AT: Final = DIGEST_AT + 32
_PIECE: Final = 1 << 18
DTYPES: Final = frozenset({"|u1", "<u4", "<u8", "<i8"})

Array = np.ndarray[Any, Any]


class BadIndexFile(Exception):
    """The file cannot be used; the message says which, and why. Make it anew from the database."""


class Part(Struct, frozen=True):
    """One array: `at` is where it begins; its checksum goes on to where the next one does."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    at: int
    sha256: str


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    position: int
    size: int
    """Bytes of the whole file."""
    parts: tuple[Part, ...]


class Stored(Struct, frozen=True):
    """What a file holds. The arrays are mapped: they are read when they are used, and cannot be written."""

    arrays: dict[str, Array]
    position: int


_DECODER = msgspec.json.Decoder(Header)


def save_index(path: Path, index: HammingIndex, *, position: int) -> None:
    """Writes the index with all of its changes. `position`: the last change of the database that it has."""
    save(path, index.to_arrays(), kind="hamming", position=position)


def map_index(path: Path, *, verify: bool = True) -> tuple[HammingIndex, int]:
    """The index in the file, and its position. Raises BadIndexFile, FileNotFoundError.

    `verify` reads the whole file (0.2 s for a million entries, 1 s for ten). Without it, damage to the arrays is not
    seen, and may make answers wrong, but not the process unsafe.
    """
    stored = load(path, kind="hamming", verify=verify)
    try:
        return HammingIndex.from_arrays(stored.arrays), stored.position
    except Damaged as why:
        raise BadIndexFile(f"{path}: {why}") from None


def save_set(path: Path, listed: ExactSet, *, position: int) -> None:
    save(path, listed.to_arrays(), kind="exact", position=position)


def map_set(path: Path, *, verify: bool = True) -> tuple[ExactSet, int]:
    """As `map_index`, for a set of exact hashes."""
    stored = load(path, kind="exact", verify=verify)
    try:
        return ExactSet.from_arrays(stored.arrays), stored.position
    except Damaged as why:
        raise BadIndexFile(f"{path}: {why}") from None


def save(path: Path, arrays: Mapping[str, Array], *, kind: str, position: int) -> None:
    """Puts a file of these arrays in the place of what was there, when it is on the disk: all of it or nothing."""
    header, parts = _laid_out(arrays, kind, position)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(header)
            for part, array in parts:
                file.write(bytes(part.at - file.tell()))
                file.write(array.data.cast("B") if array.size else b"")
            file.write(bytes(_up(file.tell()) - file.tell()))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    flush_folder(path.parent)


def _laid_out(arrays: Mapping[str, Array], kind: str, position: int) -> tuple[bytes, list[tuple[Part, Array]]]:
    at = PAGE
    parts = []
    for name, given in arrays.items():
        array = np.ascontiguousarray(given)
        dtype = array.dtype.newbyteorder("<").str
        if dtype not in DTYPES:
            raise ValueError(f"{name}: arrays of {array.dtype} are not kept in index files")
        end = _up(at + array.nbytes)
        digest = hashlib.sha256(array.data.cast("B") if array.size else b"")
        digest.update(bytes(end - at - array.nbytes))
        parts.append((Part(name, dtype, array.shape, at, digest.hexdigest()), array))
        at = end
    text = msgspec.json.encode(Header(kind, position, at, tuple(part for part, _ in parts)))
    if HEADER_AT + len(text) > PAGE:
        raise ValueError(f"{len(parts)} arrays do not fit into the header of an index file")
    padded = text.ljust(PAGE - HEADER_AT)
    return MARK + len(text).to_bytes(8, "little") + hashlib.sha256(padded).digest() + padded, parts


def load(path: Path, *, kind: str, verify: bool = True) -> Stored:
    """The arrays of a file of this kind. Raises BadIndexFile, FileNotFoundError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < PAGE:
            raise BadIndexFile(f"{path}: {size} bytes are too few for an index file")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = _header(path, data[:PAGE])
        if header.kind != kind:
            raise BadIndexFile(f"{path}: it holds an index of kind {header.kind}, not {kind}")
        if header.size != size:
            raise BadIndexFile(
                f"{path}: it has {size} bytes of {header.size}: it was cut off, or something was written to it"
            )
        arrays = {part.name: _array(path, data, part) for part in header.parts}
        if verify:
            _verify(path, file.fileno(), header)
    return Stored(arrays, header.position)


def _header(path: Path, page: bytes) -> Header:
    if not page.startswith(MARK[:-1]):
        raise BadIndexFile(f"{path}: it is no index file")
    if not page.startswith(MARK):
        raise BadIndexFile(f"{path}: it was written by another version of Evenhand")
    text = page[HEADER_AT:]
    length = int.from_bytes(page[LENGTH_AT:DIGEST_AT], "little")
    if hashlib.sha256(text).digest() != page[DIGEST_AT:HEADER_AT] or len(text.rstrip()) != length:
        raise BadIndexFile(f"{path}: its header does not agree with its checksum")
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError as why:
        raise BadIndexFile(f"{path}: its header cannot be read: {why}") from None


def _array(path: Path, data: mmap.mmap, part: Part) -> Array:
    if part.dtype not in DTYPES:
        raise BadIndexFile(f"{path}: {part.name} is an array of {part.dtype}, which index files do not have")
    dtype = np.dtype(part.dtype)
    count = int(np.prod(part.shape, dtype=object)) if part.shape else 1
    fits = part.at >= PAGE and part.at % PAGE == 0 and count >= 0 and part.at + count * dtype.itemsize <= len(data)
    if not fits or any(side < 0 for side in part.shape):
        raise BadIndexFile(f"{path}: {part.name} lies outside of the file")
    return np.frombuffer(data, dtype, count, part.at).reshape(part.shape) if count else np.zeros(part.shape, dtype)


def _verify(path: Path, handle: int, header: Header) -> None:
    """Reads beside the mapping: what is read through it would count as this process's memory, all of it."""
    buffer = memoryview(bytearray(_PIECE))
    for part, end in _extents(header):
        if _digest(handle, part.at, end, buffer) != part.sha256:
            raise BadIndexFile(f"{path}: {part.name} does not agree with its checksum: the file is damaged")


def _digest(handle: int, at: int, end: int, buffer: memoryview) -> str:
    """SHA-256 of a part of a file, read piece by piece into the buffer; of less, where the file ends before."""
    found = hashlib.sha256()
    while at < end and (count := os.preadv(handle, [buffer[: end - at]], at)):
        found.update(buffer[:count])
        at += count
    return found.hexdigest()


def _extents(header: Header) -> Iterator[tuple[Part, int]]:
    ends = [*(part.at for part in header.parts[1:]), header.size]
    yield from zip(header.parts, ends, strict=False)


def _up(at: int) -> int:
    return -(-at // PAGE) * PAGE


def flush_folder(folder: Path) -> None:
    """The names in a folder are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
