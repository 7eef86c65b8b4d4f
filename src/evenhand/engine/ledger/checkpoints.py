"""Checkpoints (C2SP tlog-checkpoint): size and root of a ledger, signed; all of it stands or falls with them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

from msgspec import Struct

from evenhand.engine.ledger import notes
from evenhand.engine.ledger.notes import NoteError, VerifierKey, decoded
from evenhand.engine.ledger.tree import HASH_BYTES

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class Checkpoint(Struct, frozen=True):
    """`origin` names the ledger; `extensions` are further lines that its keeper signed."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines)

    def sign(self, seed: bytes) -> str:
        """The signed note; the key bears the ledger's name. Raises NoteError."""
        parse_text(self.text)
        return notes.sign(self.text, self.origin, seed)


def number(digits: str, what: str) -> int:
    """A count in decimal, without sign or leading zeros, below 10^18. Raises NoteError."""
    if not _NUMBER.fullmatch(digits):
        raise NoteError(f"{what} is not a plain decimal number: {digits[:40]!r}")
    return int(digits)


def parse_text(text: str) -> Checkpoint:
    """Read the signed part of a note. Raises NoteError."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 - origin, size, root
        raise NoteError("a checkpoint has three lines (origin, size, root), and no empty one")
    root = decoded(lines[2], "the root of the checkpoint")
    if len(root) != HASH_BYTES:
        raise NoteError(f"the root of the checkpoint has {len(root)} bytes instead of {HASH_BYTES}")
    return Checkpoint(lines[0], number(lines[1], "the size of the checkpoint"), root, tuple(lines[3:]))


def parse(note: str) -> Checkpoint:
    """Read a checkpoint without asking who signed it. Raises NoteError."""
    return parse_text(notes.parse(note).text)


def opened(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """A checkpoint that one of the keys signed for the ledger that it is named after. Raises NoteError."""
    checkpoint = parse_text(notes.opened(note, keys))
    if checkpoint.origin not in {key.name for key in keys}:
        raise NoteError(f"it is a checkpoint of the ledger {checkpoint.origin}, which none of the keys is named after")
    return checkpoint
