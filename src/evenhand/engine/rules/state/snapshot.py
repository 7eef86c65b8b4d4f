"""The bytes of a snapshot: what it is, how long, its checksum, and the state in msgpack."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.state.limits import NEVER, Limits

_MAGIC: Final = b"EVENHAND-STATE-1"
_SUM: Final = 16
_LENGTH: Final = 8
_HEAD: Final = len(_MAGIC) + _LENGTH + _SUM


class BadSnapshot(Exception):
    """These bytes are no snapshot, or not all of one, or not as it was written."""


class Snapshot(Struct, frozen=True, array_like=True):
    """`values`: [value, expires_at] by key. `times`: the last two times at which a key was opened. `swept`: counters
    that had expired by then may have been forgotten."""

    limits: Limits
    times: tuple[Micros, Micros]
    at_least: tuple[str, ...]
    values: dict[str, tuple[Any, Micros]]
    swept: Micros = NEVER


def write(snapshot: Snapshot) -> bytes:
    body = msgspec.msgpack.encode(snapshot)
    return _MAGIC + len(body).to_bytes(_LENGTH, "big") + _checksum(body) + body


def read(data: bytes) -> Snapshot:
    """Raises BadSnapshot."""
    if not data.startswith(_MAGIC):
        raise BadSnapshot(
            f"This is no snapshot of rule state of this version: it does not begin with {_MAGIC.decode()}."
        )
    length = int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + _LENGTH], "big")
    body = data[_HEAD:]
    if len(data) < _HEAD or len(body) < length:
        whole = f"{_HEAD + length:,}" if len(data) >= len(_MAGIC) + _LENGTH else f"{_HEAD:,} or more"
        raise BadSnapshot(f"The snapshot was cut off: {len(data):,} of {whole} bytes are there.")
    if len(body) > length:
        raise BadSnapshot(f"{len(body) - length:,} bytes follow the snapshot, which is {_HEAD + length:,} bytes long.")
    if _checksum(body) != data[_HEAD - _SUM : _HEAD]:
        raise BadSnapshot("The snapshot was altered: its checksum is another one.")
    return msgspec.msgpack.decode(body, type=Snapshot)


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_SUM).digest()
