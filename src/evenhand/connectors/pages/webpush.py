"""Push to a browser: a message that only that browser can read (RFC 8291), from a sender it knows (VAPID, RFC 8292).

A subscription is kept as one line: the endpoint, `#`, the browser's public key, `.`, its secret, both in base64url.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Collection, Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evenhand.connectors.pages.push import SECONDS, answered
from evenhand.connectors.pages.told import Told, words
from evenhand.runtime.fetch import Request, Resolver
from evenhand.runtime.fetch.resolve import system

CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve (SEC 2, 2.4.2)."""
_KEY_BYTES, _SECRET_BYTES, _SALT_BYTES, _NUMBER_BYTES = 65, 16, 16, 32
_RECORD = 4096
_LAST = b"\x02"
_KEPT_SECONDS = {True: 3600, False: 86_400}
"""How long the browser's service keeps a message for a device that is off: whoever wakes later than this is not
helped by an urgent one."""
_SIGNED_SECONDS = 12 * 3600
"""At most 24 hours (RFC 8292, 2)."""
_AGENT = f"Evenhand/{version('evenhand')}"


class BadSubscription(ValueError):
    """A line that is no subscription."""


def sender(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The desk's own key, always the same for these 32 bytes."""
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, CURVE)


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """As browsers take it (`applicationServerKey`), in base64url."""
    return _text(_point(key.public_key()))


def read(subscription: str) -> tuple[str, bytes, bytes]:
    """Endpoint, public key, secret. Raises BadSubscription."""
    endpoint, _hash, keys = subscription.partition("#")
    key, _dot, secret = keys.partition(".")
    try:
        found = endpoint, _bytes(key), _bytes(secret)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, found[1])
    except ValueError:
        raise BadSubscription(subscription) from None
    if len(found[1]) != _KEY_BYTES or len(found[2]) != _SECRET_BYTES:
        raise BadSubscription(subscription)
    return found


def by_webpush(
    subscription: str,
    *,
    key: ec.EllipticCurvePrivateKey,
    contact: str,
    message_id: str,
    kind: str,
    payload: Mapping[str, Any],
    allow_private: Collection[str] = (),
    resolver: Resolver = system,
) -> Told:
    """One POST to the browser's service. `contact`: an address of the desk, https: or mailto:. What the service does is
    never an exception. Raises KeyError: a message without words."""
    said = words(kind, payload)
    try:
        endpoint, theirs, secret = read(subscription)
    except BadSubscription:
        return Told(410, "This is no subscription of a browser: allow it again on the device.", 0, b"")
    plain = json.dumps({"id": message_id, **said}, ensure_ascii=False).encode()
    urgent = bool(said["urgent"])
    headers = {
        "authorization": f"vapid t={token(endpoint, key, contact, now=int(time.time()))}, k={public(key)}",
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(_KEPT_SECONDS[urgent]),
        "urgency": "high" if urgent else "normal",
        "user-agent": _AGENT,
    }
    body = encrypt(plain, theirs, secret, ephemeral=ec.generate_private_key(CURVE), salt=os.urandom(_SALT_BYTES))
    request = Request(url=endpoint, method="POST", headers=headers, body=body)
    return answered(request, plain, seconds=SECONDS, allow_private=allow_private, resolver=resolver)


def token(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, *, now: int) -> str:
    """A JWT by ES256 for the origin of the endpoint (RFC 8292, 2). `now` in seconds since 1970."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + _SIGNED_SECONDS, "sub": contact}
    told = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(_text(json.dumps(one, separators=(",", ":")).encode()) for one in told)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{_text(r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES))}"


def encrypt(plain: bytes, theirs: bytes, secret: bytes, *, ephemeral: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """One record of aes128gcm (RFC 8188) under keys that both sides derive (RFC 8291, 3.4). `ephemeral` and `salt`: for
    this one message."""
    ours = _point(ephemeral.public_key())
    shared = ephemeral.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    material = _derive(shared, secret, b"WebPush: info\x00" + theirs + ours, 32)
    content_key = _derive(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + _RECORD.to_bytes(4) + bytes([len(ours)]) + ours
    return head + AESGCM(content_key).encrypt(nonce, plain + _LAST, None)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
