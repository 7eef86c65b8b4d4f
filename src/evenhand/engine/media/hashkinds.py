"""Kinds of hashes, and what a hash of each looks like."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

LENGTHS: Final = {"pdq": 32, "md5": 16, "sha1": 20, "sha256": 32, "video_md5": 16, "vpdq": 32}
"""Bytes by kind. Others (PhotoDNA, TMK …) are kept as they are, and matched byte by byte."""
SEVERAL: Final = ("pdq", "vpdq")
"""Kinds of which a value may be several hashes, one after the other: a medium with its variants, a film's frames."""
MOST_HASHES: Final = 4096
"""Of one value."""
NAMES: Final = "small letters, digits and _, at most 16, a letter first."
MOST_BYTES: Final = 1 << 20
_KIND = re.compile(r"[a-z][a-z0-9_]{0,15}")


def is_name(kind: str) -> bool:
    """Whether a kind may be called so."""
    return bool(_KIND.fullmatch(kind))


def problem(kind: str, value: bytes, *, one: bool = False) -> str:
    """Why this is no hash of this kind, in a sentence; empty when it is one. `one`: a single hash, not several."""
    length = LENGTHS.get(kind)
    if not is_name(kind):
        return f"“{kind[:32]}” is no kind of hash: {NAMES}"
    if length is None:
        return "" if 0 < len(value) <= MOST_BYTES else f"A hash of kind {kind} has 1 to {MOST_BYTES:,} bytes."
    if kind in SEVERAL and not one:
        if value and len(value) % length == 0 and len(value) <= length * MOST_HASHES:
            return ""
        if len(value) > length:
            all_ = f"up to {MOST_HASHES:,} hashes of {length} bytes, one after the other"
            return f"A value of kind {kind} has {all_}: {len(value):,} bytes are no such number."
    if len(value) != length:
        return f"A hash of kind {kind} has {length} bytes ({2 * length} hex digits), not {len(value)}."
    return ""


def example(kind: str) -> str:
    """What a hash of this kind looks like, in hex."""
    return sha256(kind.encode()).hexdigest()[: 2 * min(LENGTHS.get(kind, 16), 32)]


def written_problem(kind: str, written: str) -> str:
    """The same for a single hash in hex; a video's frames are not taken so."""
    if kind == "vpdq":
        return "A video's frames are hashed by the desk; send its video_md5, or the video's address."
    try:
        value = bytes.fromhex(written)
    except ValueError:
        return f"Hex digits are needed, not “{written[:40]}”."
    return problem(kind, value, one=True)
