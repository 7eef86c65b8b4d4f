"""The call: a body in the destination's shape, signed, sent once; what came of it is a value, never an exception."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any

from msgspec import Struct

from evenhand.connectors.webhooks import bodies, coop, keys, standard
from evenhand.engine.platform import Destination
from evenhand.runtime.fetch import Answer, FetchError, Request, Resolver, stream
from evenhand.runtime.fetch.resolve import system

SCHEMES = {"v1": ("v1",), "v1a": ("v1a",), "coop": ("coop", "v1a")}
"""Signature of a destination → the keys it takes. Coop's receivers may check the standard's headers as well: unlike
Coop's own they protect against replay."""
_MOST_BYTES = 1_000_000
_EXCERPT_BYTES = 500
_EXCERPT_SECONDS = 2.0
_OWN_HEADERS = frozenset({"content-type", "user-agent"})
_AGENT = f"Evenhand/{version('evenhand')}"


class Sent(Struct, frozen=True):
    """How an attempt went. Without an answer `status` is None and `error` a sentence. `retry_after` in seconds."""

    status: int | None
    error: str
    milliseconds: int
    body: bytes
    retry_after: float | None = None


class Webhooks:
    """Sends to the destinations of a platform document. `allow_private`: host or host:port of private receivers."""

    def __init__(
        self,
        *,
        allow_private: Collection[str],
        resolver: Resolver = system,
        trust: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._allow_private = allow_private
        self._resolver = resolver
        self._trust = trust
        self._clock = clock

    def schemes(self, signature: str) -> tuple[str, ...]:
        return SCHEMES[signature]

    def mint(self, scheme: str) -> tuple[str, bytes]:
        return keys.mint(scheme)

    def send(
        self,
        destination: Destination,
        *,
        message_id: str,
        kind: str,
        payload: Mapping[str, Any],
        secrets: Sequence[tuple[str, bytes]],
    ) -> Sent:
        """One attempt. `secrets` are (scheme, private bytes) from old to new, for each of `schemes(signature)`.

        Raises KeyError: a payload that its kind cannot be made of; ValueError: a scheme without a secret.
        """
        body = bodies.render(kind, payload, destination.signature)
        request = written(destination, message_id, int(self._clock()), body, secrets)
        began = time.monotonic()
        status, error, retry_after = self._call(request, destination.timeout_seconds)
        milliseconds = round((time.monotonic() - began) * 1000)
        return Sent(status, error.replace("\x00", "\ufffd"), milliseconds, body, retry_after)

    def _call(self, request: Request, timeout: float) -> tuple[int | None, str, float | None]:
        try:
            with stream(
                request,
                timeout=timeout,
                max_bytes=_MOST_BYTES,
                allow_private=self._allow_private,
                resolver=self._resolver,
                trust=self._trust,
            ) as answer:
                return answer.status, _said(answer), self._retry_after(answer.headers.get("retry-after", ""))
        except FetchError as error:
            return None, str(error), None

    def _retry_after(self, header: str) -> float | None:
        """Seconds (RFC 9110 §10.2.3: a number of them, or a date)."""
        if header.isdecimal():
            return float(header)
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - self._clock())


def written(
    destination: Destination, message_id: str, timestamp: int, body: bytes, secrets: Sequence[tuple[str, bytes]]
) -> Request:
    """The signed request. `timestamp`: seconds since 1970. Raises ValueError: a scheme without a secret."""
    signed = _signed(destination.signature, message_id, timestamp, body, secrets)
    return Request(url=destination.url, method="POST", headers=_headers(destination.headers) | signed, body=body)


def _signed(
    signature: str, message_id: str, timestamp: int, body: bytes, secrets: Sequence[tuple[str, bytes]]
) -> dict[str, str]:
    missing = set(SCHEMES[signature]) - {scheme for scheme, _ in secrets}
    if missing:
        raise ValueError(f"No secret for the signature {', '.join(missing)}: nothing is sent unsigned.")
    signed = standard.headers(message_id, timestamp, body, [pair for pair in secrets if pair[0] in ("v1", "v1a")])
    if signature == "coop":
        signed |= coop.headers(body, [key for scheme, key in secrets if scheme == "coop"])
    return signed


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    own = {"content-type": "application/json", "user-agent": _AGENT}
    return {name.lower(): value for name, value in given.items() if name.lower() not in _OWN_HEADERS} | own


def _said(answer: Answer) -> str:
    """What an answer other than 2xx means, with the first words of its body."""
    if answer.status in range(200, 300):
        return ""
    if answer.status in range(300, 400):
        target = answer.headers.get("location", "nowhere")[:_EXCERPT_BYTES]
        return f"Redirects to {target}: write the final address into the platform document."
    words = " ".join(_excerpt(answer).split())
    return f"Answered {answer.status}: {words}" if words else f"Answered {answer.status}."


def _excerpt(answer: Answer) -> str:
    answer.deadline.shorten(_EXCERPT_SECONDS)
    words = b""
    try:
        for piece in answer.chunks():
            words += piece
            if len(words) > _EXCERPT_BYTES:
                break
    except FetchError as error:
        words += f" [{error}]".encode()
    return words[:_EXCERPT_BYTES].decode("utf-8", "replace")
