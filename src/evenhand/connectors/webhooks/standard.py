"""Signatures of Standard Webhooks 1.0.0: what the desk writes, and how a receiver checks it.

The signed bytes are `id.timestamp.body`. `v1` is HMAC-SHA256 with a shared secret, `v1a` Ed25519: whoever steals a
receiver's `v1a` key can check webhooks but not order a removal, so that is what the desk uses unless told otherwise.
"""

from __future__ import annotations

import hmac
import re
import time
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evenhand.connectors.webhooks.keys import Scheme, ed25519, parse_secret

TOLERANCE_SECONDS = 300


class NotGenuine(Exception):
    """The webhook does not come from who holds the key, is too old, or was changed on the way."""


def headers(message_id: str, timestamp: int, body: bytes, keys: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The three headers, with one signature for each key of scheme v1 or v1a. `timestamp`: seconds since 1970."""
    signed = content(message_id, timestamp, body)
    signatures = [f"{scheme},{b64encode(_sign(scheme, key, signed)).decode()}" for scheme, key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def content(message_id: str, timestamp: int, body: bytes) -> bytes:
    return f"{message_id}.{timestamp}.".encode() + body


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: Iterable[str],
    *,
    now: float | None = None,
    tolerance: float = TOLERANCE_SECONDS,
) -> str:
    """The id of a genuine webhook: process it once. One matching signature is enough (keys overlap in a rotation).

    `secrets` are `whsec_…` or `whpk_…` texts; `headers` in any case. Raises NotGenuine, and ValueError when a
    secret is malformed.
    """
    given = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if not given.get(name)]
    if missing:
        raise NotGenuine(f"The header {missing[0]} is missing.")
    timestamp = _timestamp(given["webhook-timestamp"], time.time() if now is None else now, tolerance)
    signed = content(given["webhook-id"], timestamp, body)
    keys = [parse_secret(secret) for secret in secrets]
    signatures = list(_signatures(given["webhook-signature"]))
    if not any(_holds(one, signature, key, signed) for one, signature in signatures for key in keys):
        raise NotGenuine("No signature of the webhook was made with this key.")
    return given["webhook-id"]


def _sign(scheme: str, key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, sha256) if scheme == "v1" else ed25519(key).sign(signed)


def _timestamp(text: str, now: float, tolerance: float) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise NotGenuine("The webhook-timestamp is not a number of seconds.")
    if abs(now - int(text)) > tolerance:
        raise NotGenuine(f"The webhook is more than {tolerance:g} seconds from now: a replay, or a wrong clock.")
    return int(text)


def _signatures(header: str) -> Iterator[tuple[str, bytes]]:
    for part in header.split(" "):
        scheme, _, encoded = part.partition(",")
        try:
            yield scheme, b64decode(encoded, validate=True)
        except Base64Error:
            continue


def _holds(scheme: str, signature: bytes, key: tuple[Scheme, bytes], signed: bytes) -> bool:
    if key[0] != scheme:
        return False
    if scheme == "v1":
        return hmac.compare_digest(hmac.digest(key[1], signed, sha256), signature)
    try:
        Ed25519PublicKey.from_public_bytes(key[1]).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
