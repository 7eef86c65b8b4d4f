"""Fetching a medium that a user's item points to: into memory, within limits, each redirect checked anew."""

from __future__ import annotations

import ssl
from collections.abc import Collection
from typing import Final
from urllib.parse import urljoin

from msgspec import Struct

from evenhand.runtime.fetch.call import Answer, Request, stream
from evenhand.runtime.fetch.deadline import Deadline
from evenhand.runtime.fetch.errors import BadAddress, BadStatus, NotMedia
from evenhand.runtime.fetch.resolve import Resolver, parse, system

MOST_REDIRECTS: Final = 3
MOST_BYTES: Final = 50_000_000
SECONDS: Final = 30.0
_OK: Final = 200
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_TYPES: Final = ("image/", "video/", "audio/", "application/octet-stream", "binary/octet-stream", "application/ogg")


class Fetched(Struct, frozen=True):
    """`type`: what the answer's header says, "" where it says nothing; what the file is, its bytes tell. `url`: where
    it was found in the end."""

    data: bytes
    type: str
    url: str


class _Elsewhere(Struct, frozen=True):
    url: str


def fetch_media(
    url: str,
    *,
    timeout: float = SECONDS,
    max_bytes: int = MOST_BYTES,
    allow_private: Collection[str] = (),
    resolver: Resolver = system,
    trust: ssl.SSLContext | None = None,
) -> Fetched:
    """The bytes at `url`, after at most three redirects; nothing is written anywhere.

    `timeout` (seconds) covers all hops together. Raises a FetchError: BadStatus tells by `gone` whether to ask again.
    """
    deadline = Deadline(timeout)
    for _ in range(MOST_REDIRECTS + 1):
        request = Request(url=url, headers={"accept": "image/*, video/*, audio/*"})
        with stream(
            request,
            timeout=deadline.left(),
            max_bytes=max_bytes,
            allow_private=allow_private,
            resolver=resolver,
            trust=trust,
        ) as answer:
            found = _read(answer, url)
        if isinstance(found, Fetched):
            return found
        url = found.url
    raise BadAddress(f"{parse(url).authority}: more than {MOST_REDIRECTS} redirects, one after another.")


def _read(answer: Answer, url: str) -> Fetched | _Elsewhere:
    place = parse(url)
    if answer.status in _REDIRECTS:
        return _Elsewhere(_joined(url, answer.headers.get("location", "")))
    if answer.status != _OK:
        raise BadStatus(place.authority, answer.status)
    said = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said and not said.startswith(_TYPES):
        raise NotMedia(f"{place.authority} answered with {said[:60]}, which is no picture, film or sound.")
    return Fetched(b"".join(answer.chunks()), said, url)


def _joined(url: str, location: str) -> str:
    try:
        joined = urljoin(url, location)
    except ValueError:
        joined = ""
    if not location or not joined:
        raise BadAddress(f"{parse(url).authority} redirects to no address.")
    return joined
