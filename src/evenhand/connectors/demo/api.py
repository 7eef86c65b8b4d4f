"""The desk's API as the demo calls it: one connection for each thread, kept open; patient while the desk is busy."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec

from evenhand.connectors.demo.scene import Json, Route

PATHS: dict[Route, str] = {
    "items": "/api/v1/items/async/",
    "report": "/api/v1/report",
    "appeal": "/api/v1/report/appeal",
}
PATIENCE_SECONDS = 30.0
_TIMEOUT_SECONDS = 20.0
_BUSY = frozenset({429, 503})
_TAKEN = range(200, 300)


class DeskRefused(Exception):
    """The desk understood the call and does not want it; carries its own words."""


class DeskGone(Exception):
    """The desk has not answered for PATIENCE_SECONDS."""


class Api:
    """Thread-safe."""

    def __init__(self, url: str, key: str) -> None:
        self._address = urlsplit(url).netloc
        self._headers = {"X-API-KEY": key, "Content-Type": "application/json"}
        self._mine = threading.local()
        self._all: list[http.client.HTTPConnection] = []

    def send(self, route: Route, body: Json) -> None:
        """Returns when the desk has it for good. Raises DeskRefused, DeskGone."""
        content = msgspec.json.encode(body)
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = 0.1
        while (wrong := self._try(PATHS[route], content)) is not None:
            if time.monotonic() + pause > deadline:
                raise DeskGone(
                    f"The desk at {self._address} has not taken a call for {PATIENCE_SECONDS:.0f} s: {wrong}"
                )
            time.sleep(pause)
            pause = min(2.0, 2 * pause)

    def close(self) -> None:
        """Close the connections of all threads; whoever sends afterwards opens a new one."""
        for connection in self._all:
            connection.close()

    def _try(self, path: str, content: bytes) -> str | None:
        """None when it was taken, else why it may be tried again."""
        connection = self._connection()
        try:
            connection.request("POST", path, content, self._headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return str(error) or type(error).__name__
        if answer.status in _BUSY:
            return f"{answer.status} {answer.reason}"
        if answer.status not in _TAKEN:
            raise DeskRefused(f"POST {path} was answered {answer.status}: {said[:500].decode('utf-8', 'replace')}")
        return None

    def _connection(self) -> http.client.HTTPConnection:
        mine: Any = self._mine
        if not hasattr(mine, "connection"):
            mine.connection = http.client.HTTPConnection(self._address, timeout=_TIMEOUT_SECONDS)
            self._all.append(mine.connection)
        found: http.client.HTTPConnection = mine.connection
        return found
