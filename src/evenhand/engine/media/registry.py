"""The kinds of hash that are at hand: PDQ and digests of the file, and what installed packages add.

A package adds kinds (a licensed PhotoDNA, say) by entry points of the group `evenhand.media_hashes`, each of which
names a HashKind. A kind that lists bring and nobody here can make is matched as bytes all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from msgspec import Struct

from evenhand.engine.media.hashing import BITS, pdq

GROUP = "evenhand.media_hashes"
MOST_LETTERS = 32
RADIUS = 31
"""Of PDQ, as its authors advise ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019)."""

Distance = Callable[[bytes, bytes], float]


class NotAKind(Exception):
    """An entry point gives no hash kind, or one that cannot be used: which, and why."""


class HashKind(Struct, frozen=True, kw_only=True):
    """`made_of`: what `make` is called with: decoded pixels (uint8 [h, w] or [h, w, 3]), the file's bytes, or a list of
    the pixels of a film's frames. It returns `bits` / 8 bytes, or None where the medium has no such hash.

    `distance` of two hashes counts as a match up to `radius`; radius 0 means that only equal bytes match.
    """

    name: str
    bits: int
    made_of: Literal["pixels", "bytes", "frames"]
    make: Callable[[Any], bytes | None]
    distance: Distance
    radius: float = 0


def hamming(one: bytes, other: bytes) -> int:
    """Bits that differ; raises ValueError where the lengths do."""
    if len(one) != len(other):
        raise ValueError(f"Hashes of {len(one)} and {len(other)} bytes have no distance")
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _pdq(pixels: Any) -> bytes | None:
    """None where nothing is to be seen: such hashes are rounding."""
    found = pdq(pixels)
    return found.hash if found.quality else None


def _digest(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _file(name: str, bits: int) -> HashKind:
    return HashKind(name=name, bits=bits, made_of="bytes", make=partial(_digest, name), distance=hamming)


OWN = (
    HashKind(name="pdq", bits=BITS, made_of="pixels", make=_pdq, distance=hamming, radius=RADIUS),
    _file("md5", 128),
    _file("sha1", 160),
    _file("sha256", 256),
)


def kinds() -> Mapping[str, HashKind]:
    """All kinds by name: our own, then those of installed packages. Raises NotAKind."""
    return joined(entry_points(group=GROUP))


def joined(points: Any) -> Mapping[str, HashKind]:
    """Our own kinds and those that `points` (EntryPoints) name. Raises NotAKind: nobody replaces a kind in silence."""
    found = {kind.name: kind for kind in OWN}
    for point in points:
        kind = _loaded(point)
        if kind.name in found:
            raise NotAKind(f"{point.value}: there is a hash kind {kind.name!r} already; uninstall one, or rename it")
        found[kind.name] = kind
    return found


def _loaded(point: EntryPoint) -> HashKind:
    try:
        kind = point.load()
    except (ImportError, AttributeError) as error:
        raise NotAKind(f"{point.value} cannot be loaded: {error}") from error
    if not isinstance(kind, HashKind):
        raise NotAKind(f"{point.value} is a {type(kind).__name__}, not an evenhand HashKind")
    if not (kind.name.isidentifier() and kind.name.isascii() and len(kind.name) <= MOST_LETTERS):
        raise NotAKind(f"{point.value}: {kind.name!r} is no name: at most {MOST_LETTERS} ASCII letters, digits and _")
    if kind.bits < 1 or kind.bits % 8:
        raise NotAKind(f"{point.value}: {kind.bits} bits are no whole number of bytes")
    return kind
