"""Coop's signature, for platforms that switch: RSASSA-PKCS1-v1_5 with SHA-256 over the raw body, in base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from evenhand.connectors.webhooks.keys import rsa

HEADER = "coop-signature"
NEXT_HEADER = "coop-signature-next"


def headers(body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """`keys` from old to new. Coop's header has room for one signature: while a rotation overlaps the oldest key signs
    it, and the newest signs a second header by which a receiver can try its new key."""
    signed = {HEADER: _sign(keys[0], body)}
    return signed if len(keys) == 1 else signed | {NEXT_HEADER: _sign(keys[-1], body)}


def _sign(key: bytes, body: bytes) -> str:
    return b64encode(rsa(key).sign(body, PKCS1v15(), SHA256())).decode()
