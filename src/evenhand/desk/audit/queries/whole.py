"""The whole ledger, line by line, as the check and the export read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from evenhand.desk import sql
from evenhand.desk.audit import keys
from evenhand.desk.audit.models import Checkpoint as CheckpointRow
from evenhand.desk.audit.models import Entry as EntryRow
from evenhand.desk.audit.models import Node, Payload
from evenhand.desk.audit.queries.entries import size, state
from evenhand.desk.audit.queries.proofs import nodes
from evenhand.engine.ledger import checkpoints, copies, tree
from evenhand.engine.ledger import verify as check
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.notes import VerifierKey
from evenhand.engine.ledger.tree import Coord, LedgerError
from evenhand.engine.ledger.verify import BrokenError, Entry, Line, Opening, Signed, Start, Summary

_AT_ONCE = 1024


def verify(vkeys: Sequence[VerifierKey] = (), held: Sequence[Checkpoint] = ()) -> Summary:
    """Check everything that is kept, against this desk's key or the given ones. Raises BrokenError.

    `held` are checkpoints that were kept elsewhere.
    """
    with _one_moment():
        summary = check.verify(lines(), vkeys or [keys.verifier()], payloads=True, held=held)
        _refuse_leftovers(summary.size)
    return summary


def verify_tail(most: int, verified: int) -> tuple[int, Summary]:
    """Check from a signed checkpoint on; the number of entries that it covers, and what was found behind it.

    From the first entry on where there are at most `most`; else from the last checkpoint over entries of which
    `verified` were checked before, or from one that leaves at most `most`. Raises BrokenError.
    """
    with _one_moment():
        start = _start(most, verified)
        after = start.checkpoint.size if start else 0
        summary = check.verify(lines(after), [keys.verifier()], payloads=True, start=start)
        _refuse_leftovers(summary.size)
    return after, summary


def _start(most: int, verified: int) -> Start | None:
    end = size()
    if end <= most:
        return None
    signed = CheckpointRow.objects.filter(size__lte=end)
    known = signed.filter(size__lte=verified, size__gte=end - most).order_by("-size")
    recent = signed.filter(size__gte=end - most).order_by("size")
    row = known.first() or recent.first() or signed.order_by("-size").first()
    if row is None:
        return None
    try:
        found = checkpoints.opened(row.note, [keys.verifier()])
        covered = tree.cover(0, found.size)
        stored = nodes(covered)
        return Start(found, {coord.level: stored[coord] for coord in covered})
    except LedgerError as error:
        raise BrokenError(0, f"the checkpoint from which to check does not hold: {error}") from None
    except KeyError as error:
        coord = error.args[0]
        raise BrokenError(
            coord.idx << coord.level, f"the node at level {coord.level}, index {coord.idx} is missing"
        ) from None


def exported(*, payloads: bool) -> Iterator[str]:
    """The lines of a copy (`engine.ledger.copies`). Raises CopyError: a payload cannot be opened."""
    with _one_moment():
        now = state()
        yield copies.header(str(keys.verifier()), payloads=payloads, size=now.size, signed=now.signed)
        yield from map(copies.line, lines(payloads=payloads))


def lines(after: int = 0, *, payloads: bool = True) -> Iterator[Line]:
    """Entries in order, from number `after` on, with their stored nodes and payloads; each checkpoint after the last
    entry that it covers."""
    end = size()
    for start in range(after, end, _AT_ONCE):
        stop = min(start + _AT_ONCE, end)
        signed = _signed(start, stop)
        for entry in _entries(start, stop, payloads=payloads):
            yield entry
            yield from signed.pop(entry.seq + 1, [])
        yield from (note for notes in signed.values() for note in notes)
    yield from (note for notes in _signed(max(end, after), None).values() for note in notes)


def _entries(start: int, stop: int, *, payloads: bool) -> Iterator[Entry]:
    stored = _nodes(start, stop)
    opened = _payloads(start, stop) if payloads else {}
    found = EntryRow.objects.filter(seq__gte=start, seq__lt=stop).order_by("seq")
    for seq, body, act, actor, obj in found.values_list("seq", "body", "act", "actor", "obj"):
        opening = opened.get(seq)
        yield Entry(
            seq=seq,
            body=body.encode() if isinstance(body, str) else bytes(body),
            columns={"act": act, "actor": actor, "obj": obj},
            nodes={coord: stored.get(coord) for coord in _completed(seq)},
            opening=opening if isinstance(opening, Opening) else None,
            unreadable=opening if isinstance(opening, str) else "",
        )


def _completed(seq: int) -> list[Coord]:
    """The subtrees whose last entry is `seq`."""
    trailing_ones = (~seq & (seq + 1)).bit_length() - 1
    return [Coord(level, seq >> level) for level in range(trailing_ones + 1)]


def _nodes(start: int, stop: int) -> dict[Coord, bytes]:
    """The subtrees that the entries `start` up to `stop` completed, those that are stored."""
    levels = range(stop.bit_length())
    places = " OR ".join(["(level = %s AND idx >= %s AND idx < %s)"] * len(levels))
    bounds = [number for level in levels for number in (level, start >> level, stop >> level)]
    found = sql.rows(f"SELECT level, idx, hash FROM audit_node WHERE {places}", bounds)  # noqa: S608 - placeholders only
    return {Coord(level, idx): bytes(known) for level, idx, known in found}


def _payloads(start: int, stop: int) -> dict[int, Opening | str]:
    """What opens each commitment, or why it cannot be read."""
    found = Payload.objects.filter(seq__gte=start, seq__lt=stop).values_list("seq", "sealed")
    return {seq: _unsealed(seq, bytes(sealed)) for seq, sealed in found}


def _unsealed(seq: int, sealed: bytes) -> Opening | str:
    try:
        return keys.unseal(seq, sealed)
    except keys.SealError as error:
        return str(error)


def _signed(after: int, upto: int | None) -> dict[int, list[Signed]]:
    found: Any = CheckpointRow.objects.filter(size__gt=after).order_by("size")
    if upto is not None:
        found = found.filter(size__lte=upto)
    return {covered: [Signed(note)] for covered, note in found.values_list("size", "note")}


def _refuse_leftovers(whole: int) -> None:
    """Rows that belong to no entry. Raises BrokenError."""
    kept = {
        "nodes": (Node.objects.count(), 2 * whole - whole.bit_count()),
        "entries": (EntryRow.objects.count(), whole),
        "payloads": (Payload.objects.filter(seq__gte=whole).count() + Payload.objects.filter(seq__lt=0).count(), 0),
    }
    for name, (found, expected) in kept.items():
        if found != expected:
            raise BrokenError(whole, f"there are {name} that belong to no entry ({found} instead of {expected})")


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read inside belongs to one moment; writers go on meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    postgres = connection.vendor == "postgresql"
    sql.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if postgres else "BEGIN DEFERRED")
    try:
        yield
    finally:
        sql.run("ROLLBACK")
