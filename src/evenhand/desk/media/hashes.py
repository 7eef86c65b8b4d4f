"""Hashes as they are kept: bytes, checked by their kind, looked up by their digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from evenhand.desk.media.errors import Invalid
from evenhand.engine.media import hashkinds
from evenhand.runtime import mediakinds


def digest(value: bytes) -> bytes:
    """What a hash is looked up by: 16 bytes, however long it is."""
    return sha256(value).digest()[:16]


def from_hex(kind: str, written: str) -> bytes:
    """Raises Invalid."""
    check_known([kind])
    try:
        value = bytes.fromhex(written.strip())
    except ValueError:
        raise Invalid(f"“{written[:80]}” is no {kind} hash: hex digits are needed.") from None
    check_all({kind: value})
    return value


def check_known(kinds: Iterable[str]) -> None:
    """Raises Invalid: this desk knows no such kind, so that a hash of it could match nothing."""
    for kind in kinds:
        if told := mediakinds.problem(kind):
            raise Invalid(told)


def check_all(hashes: Mapping[str, bytes]) -> None:
    """Raises Invalid: one is wrong, or there is none."""
    if not hashes:
        raise Invalid("At least one hash is needed.")
    for kind, value in hashes.items():
        if told := hashkinds.problem(kind, value):
            raise Invalid(told)
