"""A platform's webhook receiver that does as it is told: answers, refuses, hangs; and keeps what it got."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    status: int


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _Listening:
    """On a port of its own, until it is closed."""

    def _listen(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Receiver(_Listening):
    """`status` answers the next requests; `hang` seconds pass before an answer. A body that is shorter than its
    content-length, as a killed desk leaves it, is neither kept nor answered."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.status = 200
        self.hang = 0.0
        self._lock = threading.Lock()
        receiver = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:
                    self.close_connection = True
                    return
                status = receiver.status
                time.sleep(receiver.hang)
                with receiver._lock:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    receiver.got.append(Got(self.path, headers, json.loads(body), status))
                try:
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:
                    pass

        self._listen(Handler)

    def accepted(self) -> list[Got]:
        return [one for one in self.got if one.status < 300]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()


class Raw(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class RawReceiver(_Listening):
    """Takes any body, as a topic for push does; `status` and what it says can be set."""

    def __init__(self, status: int = 200, answer: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.got: list[Raw] = []
        self.status = status
        receiver = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                given = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Raw(self.path, given, body))
                try:
                    self.send_response(receiver.status)
                    for name, value in {**(headers or {}), "content-length": str(len(answer))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass

        self._listen(Handler)


@contextmanager
def receiving_raw(
    status: int = 200, answer: bytes = b"", headers: dict[str, str] | None = None
) -> Iterator[RawReceiver]:
    receiver = RawReceiver(status, answer, headers)
    try:
        yield receiver
    finally:
        receiver.close()
