"""The keys that sign webhooks, as they are made, kept (raw bytes) and written (text with a prefix).

Standard Webhooks 1.0.0: `whsec_` a shared secret of 24 to 64 bytes, `whsk_` an Ed25519 seed with its public key,
`whpk_` the public key alone; base64 follows. Coop's key is RSA-2048: its public half is written as PEM.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from functools import lru_cache
from typing import Literal, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

Scheme = Literal["v1", "v1a", "coop"]
_SHARED_BYTES = 32
_SHARED_RANGE = range(24, 65)
_ED25519_BYTES = 32
_RSA_BITS = 2048


def mint(scheme: str) -> tuple[str, bytes]:
    """A new key: its public half as text (empty for a shared secret), and the private bytes to keep."""
    match scheme:
        case "v1":
            return "", os.urandom(_SHARED_BYTES)
        case "v1a":
            seed = os.urandom(_ED25519_BYTES)
            return public_text(seed), seed
        case "coop":
            key = generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
            return _pem(key), key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        case _:
            raise ValueError(f"There is no signature scheme {scheme!r}: choose v1a, v1 or coop.")


def secret_text(private: bytes) -> str:
    """A shared secret, as its receiver configures it."""
    return f"whsec_{b64encode(private).decode()}"


def public_text(seed: bytes) -> str:
    return f"whpk_{b64encode(ed25519(seed).public_key().public_bytes_raw()).decode()}"


def parse_secret(text: str) -> tuple[Scheme, bytes]:
    """The scheme and the raw bytes of `whsec_…`, `whsk_…` (its seed) or `whpk_…`. Raises ValueError."""
    prefix, _, encoded = text.strip().partition("_")
    try:
        raw = b64decode(encoded, validate=True)
    except Base64Error:
        raise ValueError("The webhook secret is not base64 after its prefix.") from None
    if prefix == "whsec" and len(raw) in _SHARED_RANGE:
        return "v1", raw
    if prefix == "whsk" and len(raw) in {_ED25519_BYTES, 2 * _ED25519_BYTES}:
        return "v1a", raw[:_ED25519_BYTES]
    if prefix == "whpk" and len(raw) == _ED25519_BYTES:
        return "v1a", raw
    raise ValueError("A webhook secret begins with whsec_ (24 to 64 bytes), whsk_ or whpk_ (an Ed25519 key).")


@lru_cache(maxsize=64)
def ed25519(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=64)
def rsa(der: bytes) -> RSAPrivateKey:
    return cast("RSAPrivateKey", load_der_private_key(der, password=None))


def _pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
