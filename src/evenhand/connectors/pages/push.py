"""Push by a topic that a telephone listens to, in the manner of ntfy: the text as the body, the rest as headers."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from email.header import Header
from importlib.metadata import version
from typing import Any

from evenhand.connectors.pages.told import Told, words
from evenhand.runtime.fetch import FetchError, Request, Resolver, fetch
from evenhand.runtime.fetch.resolve import system

SECONDS = 10.0
_MOST_BYTES = 100_000
_EXCERPT = 300
_AGENT = f"Evenhand/{version('evenhand')}"
_URGENT, _USUAL = "5", "3"


def by_push(
    url: str,
    *,
    message_id: str,
    kind: str,
    payload: Mapping[str, Any],
    allow_private: Collection[str] = (),
    resolver: Resolver = system,
) -> Told:
    """One POST. What the topic's server does is never an exception. Raises KeyError: a message without words."""
    said = words(kind, payload)
    body = said["text"].encode()
    request = Request(url=url, method="POST", headers=_headers(said, message_id), body=body)
    return answered(request, body, seconds=SECONDS, allow_private=allow_private, resolver=resolver)


def answered(
    request: Request, kept: bytes, *, seconds: float, allow_private: Collection[str], resolver: Resolver
) -> Told:
    """One call, and how it went; `kept` is what of it is kept with the attempt."""
    began = time.monotonic()
    try:
        answer = fetch(request, timeout=seconds, max_bytes=_MOST_BYTES, allow_private=allow_private, resolver=resolver)
    except FetchError as error:
        return Told(None, str(error), _since(began), kept)
    wait = answer.headers.get("retry-after", "")
    return Told(
        answer.status,
        _problem(answer.status, answer.body),
        _since(began),
        kept,
        float(wait) if wait.isdecimal() else None,
    )


def _headers(said: Mapping[str, Any], message_id: str) -> dict[str, str]:
    """Headers are ASCII: a title in another script goes as RFC 2047 writes it, which ntfy reads."""
    title = said["title"]
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "user-agent": _AGENT,
        "x-title": title if title.isascii() else Header(title, "utf-8", maxlinelen=998).encode(),
        "x-priority": _URGENT if said["urgent"] else _USUAL,
        "x-message-id": message_id,
    }
    return headers | ({"x-click": said["link"]} if said["link"] else {})


def _problem(status: int, body: bytes) -> str:
    if status in range(200, 300):
        return ""
    told = " ".join(body[:_EXCERPT].decode(errors="replace").replace("\x00", "\ufffd").split())
    return f"Answered {status}: {told}" if told else f"Answered {status}."


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
