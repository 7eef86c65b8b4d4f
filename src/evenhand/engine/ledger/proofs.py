"""Proofs about the tree: that an entry is in it, and that a later tree only added to an earlier one (RFC 9162 §2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenhand.engine.ledger.tree import EMPTY_ROOT, HASH_BYTES, LedgerError, Nodes, node_hash, over

MAX_STEPS = 64
"""A longer proof belongs to no tree that can exist."""

Range = tuple[int, int]


class ProofError(LedgerError):
    """The proof does not prove what it claims."""


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves, leaf's neighbour first."""
    if not 0 <= index < size:
        raise ProofError(f"there is no entry {index} among the first {size}")
    return over(list(_inclusion(index, 0, size))[::-1], nodes)


def _inclusion(index: int, start: int, end: int) -> Iterator[Range]:
    """The sibling of each subtree on the way down to `index`, root's child first."""
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The hashes which show that the first `old` of `new` leaves are unchanged (RFC 9162 §2.1.4.1)."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {old} entries is not the beginning of one of {new}")
    if old in (0, new):
        return []
    return over(list(_consistency(old, new))[::-1], nodes)


def _consistency(old: int, end: int) -> Iterator[Range]:
    start, whole = 0, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start, whole = middle, False
    if not whole:
        yield start, end


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that the proof leads to (RFC 9162 §2.1.3.2). Raises ProofError: it cannot belong to this place."""
    _refuse_strange(proof)
    if not 0 <= index < size:
        raise ProofError(f"there is no entry {index} among the first {size}")
    place, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError(f"the proof is too long for entry {index} of {size}")
        if place & 1 or place == last:
            result = node_hash(step, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof is too short for entry {index} of {size}")
    return result


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError unless `leaf` is entry `index` of the tree with `size` entries and this root."""
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise ProofError(f"entry {index} is not in the ledger of {size} entries with this root")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofError unless the tree of `new` entries begins with that of `old` ones (RFC 9162 §2.1.4.2)."""
    _refuse_strange(proof)
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {old} entries is not the beginning of one of {new}")
    if old in (0, new):
        if proof:
            raise ProofError(f"the proof from {old} to {new} entries must be empty")
        expected = EMPTY_ROOT if old == 0 else new_root
        _same(old_root, expected, old)
        return
    before, after = _roots_from_consistency(old, new, proof, old_root)
    _same(before, old_root, old)
    _same(after, new_root, new)


def _roots_from_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise ProofError(f"the proof from {old} to {new} entries is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofError(f"the proof from {old} to {new} entries is too long")
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof from {old} to {new} entries is too short")
    return before, after


def _same(found: bytes, expected: bytes, size: int) -> None:
    if found != expected:
        raise ProofError(f"the proof does not lead to the root of {size} entries: the two ledgers differ")


def _refuse_strange(proof: Sequence[bytes]) -> None:
    if len(proof) > MAX_STEPS:
        raise ProofError(f"the proof has {len(proof)} hashes; {MAX_STEPS} are enough for any ledger")
    for number, step in enumerate(proof, 1):
        if len(step) != HASH_BYTES:
            raise ProofError(f"hash {number} of the proof has {len(step)} bytes instead of {HASH_BYTES}")
