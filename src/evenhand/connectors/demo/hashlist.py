"""The connector to Example Hash Exchange: what a real one does, for a list that the demo serves itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import Struct

from evenhand.engine.media.listing import Listed, ListFailed, Page, Withdrawn
from evenhand.runtime import config, fetch

_SECONDS = 10.0
_MOST_BYTES = 1_000_000
_OK = 200


class Change(Struct, frozen=True):
    """`withdrawn`: why; without it the medium is listed."""

    key: str
    hashes: dict[str, str] = {}
    classification: str = ""
    withdrawn: str | None = None


class Answer(Struct, frozen=True):
    changes: list[Change]
    next: int
    version: str = ""


class ExchangeList:
    """One list of the exchange. Implements `desk.media.services.HashList`."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        if missing := {"url", "list"} - given.keys():
            raise ListFailed(f"The configuration of the list lacks {', '.join(sorted(missing))}.")
        self._address = f"{given['url']}/exchange/{quote(given['list'], safe='')}"

    def pull(self, cursor: str) -> Iterator[Page]:
        after = cursor if cursor.isdecimal() else "0"
        body = _call(fetch.Request(url=f"{self._address}?after={after}"))
        try:
            told = msgspec.json.decode(body, type=Answer)
            changes = tuple(_change(one) for one in told.changes)
        except (msgspec.DecodeError, ValueError) as error:
            raise ListFailed(f"Example Hash Exchange answered something else than a list: {error}") from None
        yield Page(changes=changes, cursor=str(told.next), complete=True, version=told.version)

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:
        body = msgspec.json.encode({"key": entry.key, "opinion": opinion, "reason": reason})
        headers = {"content-type": "application/json"}
        _call(fetch.Request(url=f"{self._address}/opinions", method="POST", headers=headers, body=body))


def _change(one: Change) -> Listed | Withdrawn:
    if one.withdrawn is not None:
        return Withdrawn(key=one.key, reason=one.withdrawn)
    hashes = {kind: bytes.fromhex(value) for kind, value in one.hashes.items()}
    return Listed(key=one.key, hashes=hashes, classification=one.classification)


def _call(request: fetch.Request) -> bytes:
    try:
        answer = fetch.fetch(
            request, timeout=_SECONDS, max_bytes=_MOST_BYTES, allow_private=config.current().allow_private
        )
    except fetch.FetchError as error:
        raise ListFailed(f"Example Hash Exchange did not answer: {error}") from error
    if answer.status != _OK:
        raise ListFailed(f"Example Hash Exchange answered {answer.status}.")
    return answer.body
