"""Whole ledgers in memory for these tests: entries with payloads, some erased, signed now and then."""

from msgspec.structs import replace

from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.entries import Body, commitment, erased_object
from evenhand.engine.ledger.notes import verifier_key
from evenhand.engine.ledger.tree import grow, leaf_hash, root_of
from evenhand.engine.ledger.verify import Entry, Opening, Signed

ORIGIN, SEED = "desk.example/ledger", b"k" * 32
KEY = verifier_key(ORIGIN, SEED)


def ledger(size, *, signed_at=(), erased=()):
    """`size` entries with payloads; the last ones say which payloads are `erased`."""
    lines, peaks = [], {}
    for seq in range(size):
        target = erased[seq - size + len(erased)] if seq >= size - len(erased) else None
        entry = _entry(seq, target)
        nodes = dict(grow(peaks, seq, leaf_hash(entry.body)))
        lines.append(replace(entry, nodes=nodes, opening=None if seq in erased else entry.opening))
        if seq + 1 in signed_at:
            lines.append(Signed(Checkpoint(ORIGIN, seq + 1, root_of(peaks)).sign(SEED)))
    return lines


def _entry(seq, target):
    opening = Opening(bytes([seq]) * 32, b'{"reason":"%d"}' % seq)
    body = Body(
        v=1,
        seq=seq,
        ts=1_700_000_000_000_000 + seq,
        actor="user:otter",
        act="decision" if target is None else "erased",
        obj=f"decision:{seq}" if target is None else erased_object(target),
        policy_ver=1,
        commit=commitment(opening.salt, opening.payload),
    )
    return Entry(seq=seq, body=body.encode(), columns={"act": body.act, "seq": seq}, opening=opening)


def checkpoint(size):
    """The checkpoint that somebody may have kept of the first `size` entries of these ledgers."""
    peaks = {}
    for entry in ledger(size):
        grow(peaks, entry.seq, leaf_hash(entry.body))
    return Checkpoint(ORIGIN, size, root_of(peaks))
