"""The index interface of python-threatexchange over ours: its users change one import, and nothing else.

Its results are its own where the package is installed, and of the same shape where it is not. What it keeps with pickle
is kept here as JSON: entries must be what JSON has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, Final, NamedTuple, Self

import msgspec
import numpy as np

from evenhand.engine.media.hamming.arrays import WIDTH, Bytes
from evenhand.engine.media.hamming.index import RADIUS, HammingIndex

MARK: Final = b"EVENHAND TX 1\n\0\0"
HEX: Final = 2 * WIDTH


class _Distance(NamedTuple):
    distance: int

    def pretty_str(self) -> str:
        return str(self.distance)


class _Match(NamedTuple):
    similarity_info: Any
    metadata: Any


class BadStream(ValueError):
    """What was read is no index that `serialize` wrote, or it was damaged; the message says which."""


class ThreatExchangeIndex:
    """PDQ hashes as 64 hex digits, each with an entry of the caller's; matches up to 31 bits, nearest first."""

    def __init__(self, entries: Iterable[tuple[str, Any]] = (), *, radius: int = RADIUS) -> None:
        self.radius = radius
        self._entries: list[Any] = []
        self._index = HammingIndex(np.zeros((0, WIDTH), np.uint8), np.zeros(0, np.int64))
        self.add_all(entries)
        self._index = self._index.compacted()

    def __len__(self) -> int:
        return len(self._entries)

    @classmethod
    def get_match_threshold(cls) -> int:
        return RADIUS

    @classmethod
    def build(cls, entries: Iterable[tuple[str, Any]]) -> Self:
        return cls(entries)

    def add(self, signal_str: str, entry: Any) -> None:
        """Raises ValueError: it is no PDQ hash."""
        self.add_all([(signal_str, entry)])

    def add_all(self, entries: Iterable[tuple[str, Any]]) -> None:
        """All of them, or none where one is no PDQ hash."""
        given = list(entries)
        rows = b"".join(_bytes(text) for text, _ in given)
        first = len(self._entries)
        self._index.add(_rows(rows), np.arange(first, first + len(given)))
        self._entries += [entry for _, entry in given]
        if self._index.wants_compaction:
            self._index = self._index.compacted()

    def query(self, query: str) -> list[Any]:
        """Objects with `similarity_info.distance` and `metadata`, as theirs. Raises ValueError: it is no PDQ hash."""
        result = _result_of()
        ids, distances = self._index.search(_bytes(query), self.radius)
        return [
            result(apart, self._entries[number]) for number, apart in zip(ids.tolist(), distances.tolist(), strict=True)
        ]

    def dispose(self) -> None:
        """Nothing is held that Python does not give back by itself."""

    def serialize(self, fout: BinaryIO) -> None:
        """Raises TypeError: an entry is nothing that JSON has."""
        entries = msgspec.json.encode(self._entries)
        hashes = self._index.to_arrays()["hashes"].tobytes()  # in order of their numbers
        body = len(entries).to_bytes(8, "little") + entries + hashes
        fout.write(MARK + hashlib.sha256(body).digest() + body)

    @classmethod
    def deserialize(cls, fin: BinaryIO) -> Self:
        """Raises BadStream."""
        data = fin.read()
        digest, body = data[len(MARK) : len(MARK) + 32], data[len(MARK) + 32 :]
        if not data.startswith(MARK):
            raise BadStream("this is no index that ThreatExchangeIndex wrote")
        if hashlib.sha256(body).digest() != digest:
            raise BadStream("the index does not agree with its checksum: it was cut off or changed")
        end = 8 + int.from_bytes(body[:8], "little")
        entries, rows = msgspec.json.decode(body[8:end]), _rows(body[end:])
        made = cls()
        made._index = HammingIndex(rows, np.arange(len(rows)))
        made._entries = entries
        return made


def _bytes(text: str) -> bytes:
    if len(text) != HEX or not text.isascii() or not text.isalnum():
        raise ValueError(f"a PDQ hash is {HEX} hex digits, not {text[:80]!r}")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"a PDQ hash is {HEX} hex digits, not {text!r}") from None


def _rows(data: bytes) -> Bytes:
    return np.frombuffer(data, np.uint8).reshape(-1, WIDTH)


@cache
def _result_of() -> Callable[[int, Any], Any]:
    try:
        theirs = import_module("threatexchange.signal_type.index")
        match, distance = theirs.IndexMatchUntyped, theirs.SignalSimilarityInfoWithIntDistance
    except (ImportError, AttributeError):
        match, distance = _Match, _Distance
    return lambda apart, entry: match(distance(apart), entry)
