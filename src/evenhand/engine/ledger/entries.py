"""What an entry says, and how it stands for a payload without telling it.

A body is canonical JSON without personal data. Details live in a payload beside it; the body holds only a commitment, a
hash that nobody can link to the payload once its salt is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from evenhand.engine.ledger import canonical
from evenhand.engine.ledger.tree import LedgerError

VERSION = 1
SALT_BYTES = 32
ERASED = "erased"
"""The act that says that the payload of another entry is gone."""
ERASED_OBJECT = "entry:"
"""Before the number of the entry whose payload is gone."""


class EntryError(LedgerError):
    """The body is not that of an entry."""


Count = Annotated[int, msgspec.Meta(ge=0, le=canonical.MAX_INTEGER)]


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ts` in microseconds since 1970 UTC; `commit` is None where the entry has no payload.

    The fields stand in the order of their names, so that msgspec writes them in canonical form.
    """

    act: str
    actor: str
    commit: str | None
    obj: str
    policy_ver: Count | None
    seq: Count
    ts: Count
    v: Count

    def encode(self) -> bytes:
        """Canonical JSON. Raises EntryError: a text in it is no Unicode."""
        try:
            return _encoder.encode(self)
        except UnicodeEncodeError:
            raise EntryError("a text of the body holds half a surrogate pair, which is no character") from None

    @property
    def erases(self) -> int | None:
        """The number of the entry whose payload this one declares erased."""
        digits = self.obj.removeprefix(ERASED_OBJECT)
        return int(digits) if self.act == ERASED and self.obj != digits and _is_plain(digits) else None


def _is_plain(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) < len(str(canonical.MAX_INTEGER))


def erased_object(seq: int) -> str:
    """The object of an entry which declares the payload of entry `seq` erased."""
    return f"{ERASED_OBJECT}{seq}"


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Body)


def parse(body: bytes) -> Body:
    """Raises EntryError: not JSON, not an entry, or not in canonical form."""
    try:
        read = _decoder.decode(body)
        same = read.encode() == body
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EntryError(f"the body is not that of an entry: {error}") from None
    if not same:
        raise EntryError("the body is not in canonical form")
    if read.v != VERSION:
        raise EntryError(f"the body has version {read.v}; this program knows version {VERSION}")
    return read


def commitment(salt: bytes, payload: bytes) -> str:
    """Hex of SHA-256(salt || payload). The salt has 32 random bytes, so a guess at the payload cannot be checked."""
    if len(salt) != SALT_BYTES:
        raise EntryError(f"the salt has {len(salt)} bytes instead of {SALT_BYTES}")
    return sha256(salt + payload).hexdigest()


def payload_bytes(payload: Mapping[str, Any]) -> bytes:
    """The bytes of a payload that are committed to. Raises NotCanonicalError."""
    return canonical.encode(payload)
