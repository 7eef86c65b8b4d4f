"""What can be asked of the ledger: its entries, its state, its proofs, and whether it is whole."""

from evenhand.desk.audit.queries.entries import (
    EntryRow,
    LedgerState,
    NoSuchEntryError,
    Page,
    entry,
    latest_note,
    mentioning,
    page,
    size,
    state,
    with_payload,
)
from evenhand.desk.audit.queries.proofs import (
    END,
    NotSignedYetError,
    consistency_proof,
    end,
    growth_file,
    inclusion_proof,
    nodes,
    proof_file,
)
from evenhand.desk.audit.queries.whole import exported, lines, verify, verify_tail

__all__ = [
    "END",
    "EntryRow",
    "LedgerState",
    "NoSuchEntryError",
    "NotSignedYetError",
    "Page",
    "consistency_proof",
    "end",
    "entry",
    "exported",
    "growth_file",
    "inclusion_proof",
    "latest_note",
    "lines",
    "mentioning",
    "nodes",
    "page",
    "proof_file",
    "size",
    "state",
    "verify",
    "verify_tail",
    "with_payload",
]
