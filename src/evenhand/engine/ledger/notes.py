"""Signed notes (C2SP signed-note) with Ed25519: a text, and below it who vouches for it.

text, one or more lines
<blank line>
— name base64(key id || signature)
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from evenhand.engine.ledger.tree import LedgerError

ED25519 = b"\x01"
KEY_BYTES = 32
KEY_ID_BYTES = 4
MAX_NOTE_CHARS = 100_000
MAX_SIGNATURES = 64
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_STRANGE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class NoteError(LedgerError):
    """The note, or the key that should open it, is not what it must be."""


class Signature(Struct, frozen=True):
    name: str
    key_id: bytes
    value: bytes


class Note(Struct, frozen=True):
    """`text` ends with a newline; it is what the signatures sign."""

    text: str
    signatures: tuple[Signature, ...]


class VerifierKey(Struct, frozen=True):
    """Who signs, and the public key to check it with."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"


def verifier_key(name: str, seed: bytes) -> VerifierKey:
    """The public half of the key made from 32 secret bytes. Raises NoteError: a name that notes cannot carry."""
    _check_name(name)
    return VerifierKey(name, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def parse_key(vkey: str) -> VerifierKey:
    """Read `name+hex key id+base64(0x01 || public key)`. Raises NoteError."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    if not encoded:
        raise NoteError("a verifier key has three parts, joined by +: name+key id+key")
    _check_name(name)
    if not _KEY_ID.fullmatch(key_id):
        raise NoteError(f"the key id of {name} is not 8 hex digits")
    raw = decoded(encoded, f"the key of {name}")
    if raw[:1] != ED25519 or len(raw) != 1 + KEY_BYTES:
        raise NoteError(f"the key of {name} is not Ed25519 (0x01 and 32 bytes)")
    key = VerifierKey(name, raw[1:])
    if key.key_id.hex() != key_id:
        raise NoteError(f"the key of {name} does not belong to the key id {key_id}: one of them was changed")
    return key


def sign(text: str, name: str, seed: bytes) -> str:
    """The note with one signature. Raises NoteError: a text that cannot be signed."""
    _check_text(text)
    key = verifier_key(name, seed)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"{text}\n— {name} {_base64(key.key_id + signature)}\n"


def parse(note: str) -> Note:
    """Take a note apart. Nothing is verified. Raises NoteError."""
    if len(note) > MAX_NOTE_CHARS:
        raise NoteError(f"the note has {len(note)} characters; {MAX_NOTE_CHARS} is the limit")
    if strange := _STRANGE.search(note):
        raise NoteError(f"the note has a control character at position {strange.start()}")
    text, blank, block = note.rpartition("\n\n")
    if not blank:
        raise NoteError("the note has no blank line between its text and its signatures")
    if not block.endswith("\n"):
        raise NoteError("the note does not end with a newline: its end was cut off")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has {len(lines)} signatures; {MAX_SIGNATURES} is the limit")
    return Note(text + "\n", tuple(_signature(line, number) for number, line in enumerate(lines, 1)))


def opened(note: str, keys: Sequence[VerifierKey]) -> str:
    """The text of a note that one of the keys signed. Signatures of unknown keys are passed over.

    Raises NoteError: malformed, signed by none of the keys, or a signature of one of them that is false.
    """
    parsed = parse(note)
    known = [(key, s) for s in parsed.signatures for key in keys if (key.name, key.key_id) == (s.name, s.key_id)]
    if not known:
        signers = ", ".join(f"{s.name}+{s.key_id.hex()}" for s in parsed.signatures)
        raise NoteError(f"not signed by any key that you trust, but by {signers}")
    for key, signature in known:
        _verify(key, signature, parsed.text)
    return parsed.text


def decoded(encoded: str, what: str) -> bytes:
    """Standard base64 with padding, and in the one form that encodes these bytes. Raises NoteError."""
    try:
        raw = b64decode(encoded.encode("ascii"), validate=True)
    except (NotBase64, ValueError):
        raise NoteError(f"{what} is not base64") from None
    if _base64(raw) != encoded:
        raise NoteError(f"{what} is not base64 in its canonical form")
    return raw


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _signature(line: str, number: int) -> Signature:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise NoteError(f"signature {number} is not “— name base64”")
    name, encoded = match.groups()
    _check_name(name)
    raw = decoded(encoded, f"signature {number}")
    if len(raw) <= KEY_ID_BYTES:
        raise NoteError(f"signature {number} holds only a key id, or less")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def _verify(key: VerifierKey, signature: Signature, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, text.encode())
    except (InvalidSignature, ValueError):
        raise NoteError(f"the signature of {key.name} is false: text or signature was changed") from None


def _check_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() for letter in name) or _STRANGE.search(name):
        raise NoteError(f"a key's name has no spaces, plus signs or control characters: {name!r}")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _STRANGE.search(text):
        raise NoteError("the text of a note ends with a newline and has no control characters")
