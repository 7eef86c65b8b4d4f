"""Hashes as they are kept: bytes, checked by their kind."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from evenhand.desk.media.errors import Invalid

LENGTHS: Final = {"pdq": 32, "md5": 16, "sha1": 20, "sha256": 32, "video_md5": 16, "vpdq": 32}
"""Bytes by kind; kinds that are not here are kept as they are, and matched byte by byte."""
SEVERAL: Final = ("pdq", "vpdq")
"""Kinds of which a value may be several hashes, one after the other."""
MOST_HASHES: Final = 4096
"""Of one value."""
MOST_BYTES: Final = 1 << 20
_LONGEST_KIND = 16


def digest(value: bytes) -> bytes:
    """What a hash is looked up by: 16 bytes, however long it is."""
    return sha256(value).digest()[:16]


def check(kind: str, value: bytes) -> None:
    """Raises Invalid, in a sentence."""
    length = LENGTHS.get(kind)
    if not 0 < len(kind) <= _LONGEST_KIND or not kind.replace("_", "").isalnum() or kind != kind.lower():
        raise Invalid(f"“{kind[:32]}” is no kind of hash: small letters, digits and _, at most {_LONGEST_KIND}.")
    if length is None:
        if not 0 < len(value) <= MOST_BYTES:
            raise Invalid(f"A hash of kind {kind} has 1 to {MOST_BYTES:,} bytes, not {len(value):,}.")
    elif kind in SEVERAL:
        if not value or len(value) % length or len(value) > length * MOST_HASHES:
            raise Invalid(f"A hash of kind {kind} has {length} bytes, or that up to {MOST_HASHES:,} times.")
    elif len(value) != length:
        raise Invalid(f"A hash of kind {kind} has {length} bytes ({2 * length} hex digits), not {len(value)}.")


def from_hex(kind: str, written: str) -> bytes:
    """Raises Invalid."""
    try:
        value = bytes.fromhex(written.strip())
    except ValueError:
        raise Invalid(f"“{written[:80]}” is no {kind} hash: hex digits are needed.") from None
    check(kind, value)
    return value


def check_all(hashes: Mapping[str, bytes]) -> None:
    """Raises Invalid: one is wrong, or there is none."""
    if not hashes:
        raise Invalid("At least one hash is needed.")
    for kind, value in hashes.items():
        check(kind, value)
