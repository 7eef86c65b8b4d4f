"""A small platform document for black-box tests, and a client that speaks its API."""

import http.client
import json
import threading
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

DOCUMENT = """
name = "Testplace"
appeal_destination = "hooks"

[[item_types]]
id = "post"
name = "Post"
kind = "content"
fields = [
  { name = "text", type = "STRING" },
  { name = "author", type = "RELATED_ITEM", role = "creator" },
  { name = "images", type = "IMAGE", container = "ARRAY" },
  { name = "views", type = "NUMBER", role = "views" },
]

[[item_types]]
id = "account"
name = "Account"
kind = "user"
fields = [{ name = "handle", type = "STRING", role = "name" }]

[[policies]]
id = "spam"
name = "Spam"
harm = 1.0

[[policies]]
id = "harassment"
name = "Harassment"
harm = 20.0

[[policies]]
id = "minors"
name = "Child safety"
harm = 100.0
lane = "critical"
child_safety = true

[[actions]]
id = "remove"
name = "Remove"
key = "m"
destination = "hooks"
undo = "restore"

[[actions]]
id = "restore"
name = "Restore"
key = "e"
destination = "hooks"
undo = "remove"

[[actions]]
id = "elsewhere"
name = "Tell the other system"
key = "l"
destination = "other"
undo = "restore"

[[actions]]
id = "terminate"
name = "Terminate account"
key = "t"
destination = "hooks"
two_person = true

[[destinations]]
id = "hooks"
url = "{hooks}"

[[destinations]]
id = "other"
url = "{other}"
timeout_seconds = 2.0

{queues}
"""
CHILD_SAFETY_QUEUE = """
[[queues]]
id = "minors"
name = "Child safety"
policies = ["minors"]
roles = ["child_safety"]
"""


def write(folder: Path, *, hooks: str, other: str = "", queues: str = CHILD_SAFETY_QUEUE) -> Path:
    file = folder / "platform.toml"
    text = DOCUMENT.replace("{hooks}", hooks).replace("{other}", other or hooks).replace("{queues}", queues)
    file.write_text(text)
    return file


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any


class Client:
    """Keeps one connection a thread; JSON in and out."""

    def __init__(self, url: str, key: str = "", timeout: float = 30) -> None:
        self._address = urlsplit(url).netloc
        self._key = key
        self._timeout = timeout
        self._local = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        typed = {} if data is None else {"content-type": "application/json"}
        given = {**typed, "x-api-key": self._key, **(headers or {})}
        try:
            response, text = self._ask(method, path, data, given)
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            if not self._reused:
                raise
            response, text = self._ask(method, path, data, given)
        names = {name.lower(): value for name, value in response.getheaders()}
        if text and "json" in names.get("content-type", ""):
            return Answer(response.status, names, json.loads(text))
        return Answer(response.status, names, text.decode("utf-8", "replace"))

    @property
    def _reused(self) -> bool:
        """Whether the last call went over a connection that was idle before: the server may have closed it."""
        return bool(getattr(self._local, "reused", False))

    def _ask(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = getattr(self._local, "connection", None)
        self._local.reused = connection is not None
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(self._address, timeout=self._timeout)
            self._opened.append(connection)
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._local.connection = None
            raise

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def post(self, path: str, body: Any, **kwargs: Any) -> Answer:
        return self.call("POST", path, body, **kwargs)

    def get(self, path: str, **kwargs: Any) -> Answer:
        return self.call("GET", path, **kwargs)


def item(id_: str, text: str = "hello", author: str = "ann", **data: Any) -> dict[str, Any]:
    return {"id": id_, "typeId": "post", "data": {"text": text, "author": {"id": author, "typeId": "account"}, **data}}


def report(id_: str, reporter: str, *, at: str = "2026-11-01T12:00:00Z", **reason: Any) -> dict[str, Any]:
    return {
        "reporter": {"kind": "user", "typeId": "account", "id": reporter},
        "reportedAt": at,
        "reportedForReason": reason or None,
        "reportedItem": item(id_),
    }
