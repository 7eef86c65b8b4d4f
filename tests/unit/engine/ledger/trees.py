"""Trees in memory for these tests, and the RFC's own definition of a root to hold them against."""

from collections.abc import Callable, Sequence

from evenhand.engine.ledger.tree import EMPTY_ROOT, Coord, grow, leaf_hash, node_hash

Store = Callable[[Sequence[Coord]], dict[Coord, bytes]]


def leaves(count: int, salt: bytes = b"") -> list[bytes]:
    return [leaf_hash(salt + str(number).encode()) for number in range(count)]


def stored(hashes: Sequence[bytes]) -> tuple[Store, dict[Coord, bytes]]:
    """What was kept while the leaves came in one after the other."""
    kept: dict[Coord, bytes] = {}
    peaks: dict[int, bytes] = {}
    for seq, leaf in enumerate(hashes):
        kept.update(grow(peaks, seq, leaf))
    return lambda coords: {coord: kept[coord] for coord in coords}, kept


def defined_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word by word."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(defined_root(hashes[:split]), defined_root(hashes[split:]))
