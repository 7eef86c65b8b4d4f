"""The Merkle tree of RFC 6962: how leaves are hashed, which subtrees are complete, and how they make a root.

A subtree is complete when it holds 2^level leaves; only complete ones are kept. `Coord(level, idx)` names the one
over the leaves `idx << level` up to `(idx + 1) << level`. All hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class LedgerError(ValueError):
    """What is wrong with a proof, a note, a key or a ledger, and where."""


class Coord(NamedTuple):
    level: int
    idx: int


class Nodes(Protocol):
    """Where the complete subtrees are kept: all that are asked for, in one call."""

    def __call__(self, coords: Sequence[Coord], /) -> Mapping[Coord, bytes]: ...


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x00 || body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def cover(start: int, end: int) -> list[Coord]:
    """The complete subtrees, left to right, that make up the leaves `start` up to `end`.

    `start` is a multiple of the largest power of two in `end - start`, as in every subtree of the RFC.
    """
    coords = []
    while start < end:
        level = (end - start).bit_length() - 1
        coords.append(Coord(level, start >> level))
        start += 1 << level
    return coords


def joined(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring complete subtrees, left to right, as `cover` gives them."""
    if not hashes:
        return EMPTY_ROOT
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def root(size: int, nodes: Nodes) -> bytes:
    """The root over the first `size` leaves."""
    return over([(0, size)], nodes)[0]


def over(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    """One hash for each range of leaves, with a single read of the nodes. Raises LedgerError: a node is missing."""
    covers = [cover(start, end) for start, end in ranges]
    known = nodes([coord for coords in covers for coord in coords])
    try:
        return [joined([known[coord] for coord in coords]) for coords in covers]
    except KeyError as error:
        coord = error.args[0]
        raise LedgerError(f"the node at level {coord.level}, index {coord.idx} is missing") from None


def grow(peaks: dict[int, bytes], seq: int, leaf: bytes) -> list[tuple[Coord, bytes]]:
    """Append the hash of leaf number `seq`: the 1 + trailing_ones(seq) subtrees that it completes, itself first.

    `peaks` holds the hashes of the rightmost complete subtrees (`cover(0, seq)`) by level; it is brought up to date.
    """
    level, latest = 0, leaf
    completed = [(Coord(0, seq), leaf)]
    while seq >> level & 1:
        latest = node_hash(peaks.pop(level), latest)
        level += 1
        completed.append((Coord(level, seq >> level), latest))
    peaks[level] = latest
    return completed


def root_of(peaks: Mapping[int, bytes]) -> bytes:
    """The root of a tree whose peaks are all there."""
    return joined([peaks[level] for level in sorted(peaks, reverse=True)])
