"""What changed between two states of a text, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

LONGEST = 20_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(Struct, frozen=True):
    kind: Literal["same", "gone", "new"]
    text: str


def diff(before: str, after: str) -> list[Piece]:
    """The later text in pieces, with what was taken out of the earlier one. Only 20,000 characters are read."""
    old, new = _WORDS.findall(before[:LONGEST]), _WORDS.findall(after[:LONGEST])
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces
