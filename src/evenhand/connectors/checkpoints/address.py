"""An address that takes each checkpoint by POST, as the text that it is, and answers 2xx when it is kept."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import version
from urllib.parse import urlsplit

from evenhand.runtime.fetch import Request, Resolver, fetch
from evenhand.runtime.fetch.resolve import system

TIMEOUT = 15.0
_MOST_BYTES = 100_000
_EXCERPT = 300
_AGENT = f"Evenhand/{version('evenhand')}"


class Address:
    """The port of audit (`audit.services.publishing.Place`). Only https, but for hosts in `allow_private`."""

    def __init__(
        self, name: str, url: str, *, allow_private: Collection[str] = (), resolver: Resolver = system
    ) -> None:
        self.name = name
        self._url = url
        self._allow_private = allow_private
        self._resolver = resolver

    def newest(self) -> str | None:
        """It is not asked what it holds: whoever keeps it compares."""
        return None

    def keep(self, size: int, note: str) -> None:
        """Raises OSError: it answered anything but 2xx; FetchError: it did not answer."""
        self._refuse_plain()
        answer = fetch(
            Request(url=self._url, method="POST", headers=_headers(size), body=note.encode()),
            timeout=TIMEOUT,
            max_bytes=_MOST_BYTES,
            allow_private=self._allow_private,
            resolver=self._resolver,
        )
        if answer.status not in range(200, 300):
            words = " ".join(answer.body[:_EXCERPT].decode(errors="replace").replace("\x00", "\ufffd").split())
            raise OSError(f"It answered {answer.status}{f': {words}' if words else ''}.")

    def _refuse_plain(self) -> None:
        parts = urlsplit(self._url)
        if parts.scheme != "https" and not {parts.hostname, parts.netloc} & set(self._allow_private):
            raise OSError("Its address does not begin with https://: on the way anybody could change what is kept.")


def _headers(size: int) -> dict[str, str]:
    return {
        "content-type": "text/plain; charset=utf-8",
        "user-agent": _AGENT,
        "idempotency-key": f"checkpoint-{size}",
    }
