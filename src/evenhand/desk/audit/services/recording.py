"""Appending to the ledger, inside the transaction of what is recorded: both are kept, or neither."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.audit import keys, queries
from evenhand.desk.audit.acts import Act
from evenhand.desk.fields import now_micros
from evenhand.engine.ledger import entries
from evenhand.engine.ledger.entries import Body
from evenhand.engine.ledger.tree import LedgerError, grow, leaf_hash
from evenhand.engine.ledger.verify import Opening

Row = tuple[Any, ...]

_ROWS = 1000
"""Rows in a statement: SQLite takes 32,766 values."""
_LOCK = f"SELECT pg_advisory_xact_lock({int.from_bytes(b'evledger')})"
_ACTOR = re.compile(r"(?:user|key|system):[^\x00-\x1f\x7f@]{1,120}")
_OBJECT = re.compile(r"[a-z_]{1,32}:[^\x00-\x1f\x7f@]{1,220}")


class RecordError(ValueError):
    """This cannot be recorded; nothing was written."""


class Draft(Struct, frozen=True, kw_only=True):
    """An act to record. `actor` and `obj` are never erased: pseudonyms and the desk's own ids, no personal data."""

    act: Act
    actor: str
    """`user:<pseudonym>`, `key:<name>` or `system:<part>`."""
    obj: str
    """`<kind>:<id>`, such as `case:17`."""
    payload: Mapping[str, Any] | None = None
    """What may be erased one day. JSON; integers within ±(2^53 - 1)."""
    policy_version: int | None = None


def record(
    act: Act, *, actor: str, obj: str, payload: Mapping[str, Any] | None = None, policy_version: int | None = None
) -> int:
    """Append one act to the ledger; its number. See `record_all`."""
    draft = Draft(act=act, actor=actor, obj=obj, payload=payload, policy_version=policy_version)
    return record_all([draft])[0]


def record_all(drafts: Sequence[Draft]) -> range:
    """Append acts in this order; their numbers. Call it late: from here to the commit, no other transaction can append.

    Raises RecordError: outside `transaction.atomic()`, an actor or object of the wrong form, or a payload without a
    canonical form.
    """
    for draft in drafts:
        _check(draft)
    size, peaks = _locked_end()
    made = [_made(seq, draft) for seq, draft in enumerate(drafts, size)]
    _insert(
        ("audit_node", ("level", "idx", "hash"), _completed(size, peaks, [entry.raw for entry in made])),
        ("audit_entry", ("seq", "body", "act", "actor", "obj"), [entry.row for entry in made]),
        ("audit_payload", ("seq", "sealed"), [entry.payload for entry in made if entry.payload]),
    )
    return range(size, size + len(drafts))


def lock() -> None:
    """One transaction at a time, until it ends. On SQLite, a transaction is begun as the only writer.

    Raises RecordError: outside `transaction.atomic()`.
    """
    _refuse_outside()
    if connection.vendor == "postgresql":
        sql.rows(_LOCK)


def _locked_end() -> tuple[int, dict[int, bytes]]:
    """`queries.end` once the lock is taken. On PostgreSQL in one round trip: each statement sees its own moment."""
    _refuse_outside()
    if connection.vendor != "postgresql":
        return queries.end()
    with connection.cursor() as cursor:
        cursor.execute(f"{_LOCK}; {queries.END}")
        cursor.nextset()
        return queries.end(cursor.fetchall())


def _refuse_outside() -> None:
    if not connection.in_atomic_block:
        raise RecordError("record() belongs inside transaction.atomic(), with the change that it records")


def _check(draft: Draft) -> None:
    if not _ACTOR.fullmatch(draft.actor):
        raise RecordError(f"the actor is user:…, key:… or system:…, at most 120 characters, no @: {draft.actor!r}")
    if not _OBJECT.fullmatch(draft.obj):
        raise RecordError(f"the object is kind:id, at most 220 characters, no @: {draft.obj!r}")


class _Made(NamedTuple):
    """What is written for one draft: the body as hashed, the row of the entry, that of its payload."""

    raw: bytes
    row: Row
    payload: Row | None


def _made(seq: int, draft: Draft) -> _Made:
    opening = None
    if draft.payload is not None:
        opening = Opening(os.urandom(entries.SALT_BYTES), _payload_bytes(draft.payload))
    raw = Body(
        act=Act(draft.act).value,
        actor=draft.actor,
        commit=entries.commitment(opening.salt, opening.payload) if opening else None,
        obj=draft.obj,
        policy_ver=draft.policy_version,
        seq=seq,
        ts=now_micros(),
        v=entries.VERSION,
    ).encode()
    row = (seq, raw.decode(), draft.act.value, draft.actor, draft.obj)
    return _Made(raw, row, (seq, keys.seal(seq, opening)) if opening else None)


def _payload_bytes(payload: Mapping[str, Any]) -> bytes:
    try:
        return entries.payload_bytes(payload)
    except LedgerError as error:
        raise RecordError(f"the payload cannot be recorded: {error}") from None


def _completed(size: int, peaks: dict[int, bytes], bodies: Sequence[bytes]) -> list[Row]:
    """The nodes which these entries complete in a tree of `size`."""
    grown = [node for seq, body in enumerate(bodies, size) for node in grow(peaks, seq, leaf_hash(body))]
    return [(coord.level, coord.idx, known) for coord, known in grown]


def _insert(*tables: tuple[str, Sequence[str], Sequence[Row]]) -> None:
    """Many rows for each statement; on PostgreSQL all statements in one round trip."""
    statements = [
        _statement(table, columns, some) for table, columns, rows in tables for some in sql.batched(rows, _ROWS)
    ]
    if connection.vendor == "postgresql":
        statements = [
            ("; ".join(text for text, _ in statements), [value for _, values in statements for value in values])
        ]
    for text, values in statements:
        sql.run(text, values)


def _statement(table: str, columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, list[Any]]:
    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}"  # noqa: S608 - names from this module alone
    return text, [value for row in rows for value in row]
