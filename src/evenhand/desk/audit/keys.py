"""The ledger's two keys, made in the data folder on first use: one signs checkpoints, one seals payloads."""

from __future__ import annotations

from functools import cache

from cryptography.exceptions import InvalidTag
from django.conf import settings

from evenhand.engine.ledger.entries import SALT_BYTES
from evenhand.engine.ledger.notes import VerifierKey, verifier_key
from evenhand.engine.ledger.tree import LedgerError
from evenhand.engine.ledger.verify import Opening
from evenhand.runtime import secrets

SIGNING_KEY, PAYLOAD_KEY = "ledger.key", "ledger-payload.key"


class SealError(LedgerError):
    """A payload that the key of the data folder does not open."""


@cache
def _secret(name: str) -> bytes:
    return secrets.read_or_make(settings.CONFIG.data_dir, name)


def origin() -> str:
    """The name under which this ledger signs."""
    return str(settings.CONFIG.ledger_origin)


def signing_seed() -> bytes:
    return _secret(SIGNING_KEY)


def verifier() -> VerifierKey:
    """The key that outsiders check our checkpoints with."""
    return verifier_key(origin(), signing_seed())


def seal(seq: int, opening: Opening) -> bytes:
    """Bound to its entry: moved to another, it does not open."""
    return secrets.seal(_secret(PAYLOAD_KEY), opening.salt + opening.payload, _purpose(seq))


def unseal(seq: int, sealed: bytes) -> Opening:
    """Raises SealError: changed, moved, or sealed with another key."""
    try:
        plain = secrets.unseal(_secret(PAYLOAD_KEY), sealed, _purpose(seq))
    except (InvalidTag, ValueError):
        raise SealError(f"it was changed, or sealed with another {PAYLOAD_KEY} than this data folder's") from None
    return Opening(plain[:SALT_BYTES], plain[SALT_BYTES:])


def _purpose(seq: int) -> str:
    return f"ledger-payload:{seq}"
