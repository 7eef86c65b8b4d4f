"""Proofs from the stored nodes: that an entry is in the ledger, that the ledger only grew."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.desk import sql
from evenhand.desk.audit.queries.entries import entry, latest_note
from evenhand.engine.ledger import checkpoints, proofs
from evenhand.engine.ledger.prooffiles import GrowthFile, ProofFile
from evenhand.engine.ledger.tree import Coord, LedgerError


class NotSignedYetError(LedgerError):
    """No checkpoint covers the entry yet."""


END = """
WITH RECURSIVE
tree (size) AS (SELECT seq + 1 FROM audit_entry ORDER BY seq DESC LIMIT 1),
levels (level, width) AS (SELECT 0, size FROM tree UNION ALL SELECT level + 1, width >> 1 FROM levels WHERE width > 1)
SELECT tree.size, levels.level,
  (SELECT hash FROM audit_node WHERE audit_node.level = levels.level AND audit_node.idx = levels.width - 1)
FROM tree, levels WHERE (levels.width & 1) = 1
"""
"""The size of the ledger, with the hash of each of its rightmost complete subtrees."""


def end(found: Sequence[tuple[int, int, bytes | None]] | None = None) -> tuple[int, dict[int, bytes]]:
    """How many entries there are, and the peaks of their tree by level: all that an append has to know.

    `found` are the rows of END where they have been read already. Raises LedgerError: a node is missing.
    """
    rows = sql.rows(END) if found is None else found
    peaks = {level: bytes(known) for _, level, known in rows if known is not None}
    size = rows[0][0] if rows else 0
    if len(peaks) != size.bit_count():
        raise LedgerError(f"the tree over {size} entries has lost a node: run `evenhand ledger verify`")
    return size, peaks


def nodes(coords: Sequence[Coord]) -> dict[Coord, bytes]:
    """The stored hashes of these subtrees, those that are there."""
    if not coords:
        return {}
    places = " OR ".join(["(level = %s AND idx = %s)"] * len(coords))
    found = sql.rows(
        f"SELECT level, idx, hash FROM audit_node WHERE {places}",  # noqa: S608 - only placeholders are put in
        [number for coord in coords for number in coord],
    )
    return {Coord(level, idx): bytes(known) for level, idx, known in found}


def inclusion_proof(seq: int, size: int) -> list[bytes]:
    """The hashes from entry `seq` to the root of the first `size` entries. Raises ProofError: no such entry."""
    return proofs.inclusion(seq, size, nodes)


def consistency_proof(old: int, new: int) -> list[bytes]:
    """The hashes which show that the first `old` of `new` entries are unchanged. Raises ProofError."""
    return proofs.consistency(old, new, nodes)


def proof_file(seq: int) -> ProofFile:
    """All that an outsider needs to check entry `seq` against the last checkpoint.

    Raises NoSuchEntryError, NotSignedYetError.
    """
    body = entry(seq).body.encode()
    note, size = _signed()
    if seq >= size:
        raise NotSignedYetError(f"Entry {seq} is not signed yet: a checkpoint comes within a minute.")
    return ProofFile(seq, tuple(inclusion_proof(seq, size)), note, body)


def growth_file(old: int) -> GrowthFile:
    """All that somebody who holds a checkpoint over `old` entries needs to see that the ledger only grew since.

    Raises ProofError: the last checkpoint covers fewer entries.
    """
    note, size = _signed()
    return GrowthFile(old, tuple(consistency_proof(old, size)), note)


def _signed() -> tuple[str, int]:
    """The last checkpoint and its size. Raises NotSignedYetError."""
    note = latest_note()
    if note is None:
        raise NotSignedYetError("Nothing is signed yet: a checkpoint comes within a minute of the first entry.")
    return note, checkpoints.parse(note).size
