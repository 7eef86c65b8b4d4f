"""A copy of the ledger as JSON lines: what `evenhand ledger export` writes and anybody can verify without a desk.

The first line names the ledger and its key, and says how far it reaches and how far it is signed; then follow the
entries in order, each checkpoint right after the last entry that it covers. Bodies and payloads are carried as texts,
byte for byte as they were hashed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from evenhand.engine.ledger.entries import SALT_BYTES
from evenhand.engine.ledger.notes import NoteError, decoded
from evenhand.engine.ledger.tree import HASH_BYTES, Coord, LedgerError, leaf_hash
from evenhand.engine.ledger.verify import Entry, Line, Opening, Signed, Summary

FORMAT = "evenhand-ledger@v1"


class CopyError(LedgerError):
    """A line of the copy that cannot be read; the message names its number."""


class Header(
    Struct, frozen=True, tag="ledger", tag_field="kind", forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """`payloads` says whether the copy holds them. `vkey` is what the copy says of itself: trust it as you trust it.

    `size` is the number of entries, `signed` how many of them, from the first on, are under the last checkpoint: those
    behind are the unsigned tail. Older copies do not say it.
    """

    format: str
    vkey: str
    payloads: bool
    size: int | None = None
    signed: int | None = None


class EntryLine(Struct, frozen=True, tag="entry", tag_field="kind", forbid_unknown_fields=True, omit_defaults=True):
    """`leaf` and `salt` in base64."""

    seq: int
    body: str
    leaf: str
    salt: str | None = None
    payload: str | None = None


class CheckpointLine(Struct, frozen=True, tag="checkpoint", tag_field="kind", forbid_unknown_fields=True):
    note: str


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Header | EntryLine | CheckpointLine)


def header(vkey: str, *, payloads: bool, size: int | None = None, signed: int | None = None) -> str:
    found = Header(format=FORMAT, vkey=vkey, payloads=payloads, size=size, signed=signed)
    return _encoder.encode(found).decode()


def line(found: Line) -> str:
    """One line of the copy. Raises CopyError: an entry whose payload is there but cannot be opened."""
    if isinstance(found, Signed):
        return _encoder.encode(CheckpointLine(found.note)).decode()
    if found.unreadable:
        raise CopyError(f"entry {found.seq}: its payload cannot be opened: {found.unreadable}")
    opening = found.opening
    return _encoder.encode(
        EntryLine(
            seq=found.seq,
            body=found.body.decode(),
            leaf=b64encode(leaf_hash(found.body)).decode(),
            salt=None if opening is None else b64encode(opening.salt).decode(),
            payload=None if opening is None else opening.payload.decode(),
        )
    ).decode()


def read(lines: Iterable[str | bytes]) -> tuple[Header, Iterator[Line]]:
    """The header at once, the rest as it is asked for. Both raise CopyError."""
    numbered = enumerate(lines, 1)
    first = _decoded(*next(numbered, (1, "")))
    if not isinstance(first, Header):
        raise CopyError("line 1: a copy begins with a line of kind “ledger”")
    if first.format != FORMAT:
        raise CopyError(f"line 1: the format is {first.format!r}; this program reads {FORMAT!r}")
    return first, (_line(number, text) for number, text in numbered)


def check_extent(header: Header, found: Summary) -> None:
    """Raises CopyError: the copy holds less, or more, than its first line says."""
    if header.size not in (None, found.size):
        raise CopyError(f"its first line speaks of {header.size} entries, {found.size} are in it: it is not complete")
    if header.signed not in (None, found.signed):
        raise CopyError(
            f"its first line says that {header.signed} entries are signed, its checkpoints cover {found.signed}"
        )


def _line(number: int, text: str | bytes) -> Line:
    found = _decoded(number, text)
    if isinstance(found, Header):
        raise CopyError(f"line {number}: a second line of kind “ledger”")
    if isinstance(found, CheckpointLine):
        return Signed(found.note)
    leaf = _bytes(found.leaf, f"line {number}: leaf")
    if len(leaf) != HASH_BYTES:
        raise CopyError(f"line {number}: leaf has {len(leaf)} bytes instead of {HASH_BYTES}")
    return Entry(
        seq=found.seq, body=found.body.encode(), nodes={Coord(0, found.seq): leaf}, opening=_opening(found, number)
    )


def _opening(found: EntryLine, number: int) -> Opening | None:
    if found.salt is None and found.payload is None:
        return None
    if found.salt is None or found.payload is None:
        raise CopyError(f"line {number}: salt and payload come together")
    salt = _bytes(found.salt, f"line {number}: salt")
    if len(salt) != SALT_BYTES:
        raise CopyError(f"line {number}: salt has {len(salt)} bytes instead of {SALT_BYTES}")
    return Opening(salt, found.payload.encode())


def _decoded(number: int, text: str | bytes) -> Header | EntryLine | CheckpointLine:
    try:
        found: Header | EntryLine | CheckpointLine = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise CopyError(f"line {number}: {error}") from None
    return found


def _bytes(encoded: str, what: str) -> bytes:
    try:
        return decoded(encoded, what)
    except NoteError as error:
        raise CopyError(str(error)) from None
