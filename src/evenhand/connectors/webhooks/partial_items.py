"""Asks the platform for the data of items that the desk knows only by id or in part: Coop's partial items."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from evenhand.connectors.webhooks.sender import written
from evenhand.engine.model import Ref
from evenhand.engine.platform import Destination
from evenhand.runtime.fetch import FetchError, fetch

MOST_BYTES = 10_000_000


class Told(Struct, frozen=True):
    """The body of a 2xx answer; without one `error` is a sentence."""

    body: bytes
    error: str = ""


def ask(
    destination: Destination,
    items: Sequence[Ref],
    *,
    message_id: str,
    secrets: Sequence[tuple[str, bytes]],
    allow_private: Collection[str],
) -> Told:
    """One signed request. `secrets` as in `Webhooks.send`. Raises ValueError: a scheme without a secret."""
    body = msgspec.json.encode({"items": [{"id": item.id, "typeId": item.type} for item in items]})
    request = written(destination, message_id, int(time.time()), body, secrets)
    try:
        answer = fetch(request, timeout=destination.timeout_seconds, max_bytes=MOST_BYTES, allow_private=allow_private)
    except FetchError as error:
        return Told(b"", str(error))
    if answer.status in range(200, 300):
        return Told(answer.body)
    return Told(b"", f"It answered {answer.status}; 2xx with the items is needed. Redirects are not followed.")
