"""Ids of events: a request that is sent again has the same, and so no second effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from uuid import uuid4

import msgspec
from msgspec import Struct

from evenhand.desk.intake.api.operations import Call
from evenhand.desk.intake.api.refusals import invalid

_KEY = re.compile(r"[!-~]{1,255}")
_CANONICAL = msgspec.json.Encoder(order="deterministic")
Naming = Callable[[int, Struct], str]
"""Gives the n-th thing of a request its event id."""


def random(_index: int, _given: Struct) -> str:
    return uuid4().hex


def by_content(source: str) -> Naming:
    """The same thing from the same source is one event, however often it is sent."""
    return lambda _index, given: derived("content", source, _CANONICAL.encode(given))


def by_key(source: str, given: str) -> Naming:
    """What a request's Idempotency-Key says is one event, at each index."""
    return lambda index, _thing: derived("key", source, given, str(index))


def naming(call: Call, otherwise: Naming) -> Naming:
    """By the Idempotency-Key when there is one. Raises Refused: a key that is none."""
    given = key(call)
    return otherwise if given is None else by_key(call.source, given)


def key(call: Call) -> str | None:
    """The Idempotency-Key. Raises Refused: a key that is none."""
    given = call.header("Idempotency-Key")
    if given is not None and not _KEY.fullmatch(given):
        raise invalid("Idempotency-Key: 1 to 255 printable ASCII characters are needed, without spaces.")
    return given


def has_key(call: Call) -> bool:
    return call.header("Idempotency-Key") is not None


def of_appeal(appeal_id: str) -> str:
    """An appeal's own id is its identity, whoever sends it."""
    return derived("appeal", appeal_id)


def of_cloud_event(source: str, event_id: str) -> str:
    """CloudEvents 1.0: source and id together are unique for each event."""
    return derived("cloudevent", source, event_id)


def derived(*parts: str | bytes) -> str:
    """32 hex digits that depend on every part: a UUID of version 8 (RFC 9562) without its dashes."""
    digest = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    found = digest.hexdigest()[:32]
    return f"{found[:12]}8{found[13:16]}{'89ab'[int(found[16], 16) & 3]}{found[17:]}"


def as_uuid(event_id: str) -> str:
    return f"{event_id[:8]}-{event_id[8:12]}-{event_id[12:16]}-{event_id[16:20]}-{event_id[20:]}"
