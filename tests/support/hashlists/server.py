"""A local API of a hash list with faults on order: the next answers are replaced, cut, or held back."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Said(NamedTuple):
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = {}


Fault = Callable[[Said], Said]
Server = TypeVar("Server", bound="ListServer")


def status(code: int, **headers: str) -> Fault:
    return lambda _: Said(code, b"no", {name.replace("_", "-"): value for name, value in headers.items()})


def half(said: Said) -> Said:
    """The first half of the page, as if it were whole."""
    return said._replace(body=said.body[: len(said.body) // 2])


def as_json(value: Any, code: int = 200) -> Said:
    return Said(code, json.dumps(value).encode())


class ListServer:
    """`answer` says what an honest server would. `faults`: number of a request, counted from 0 → what happens to its
    answer. `now`: the clock that its Date header tells."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.hangs: set[int] = set()
        self.now = 1_800_000_000.0
        self.released = threading.Event()
        self.base = ""

    def answer(self, asked: Asked) -> Said:
        return Said(404)

    def said(self, asked: Asked) -> Said:
        number = len(self.asked)
        self.asked.append(asked)
        if number in self.hangs:
            self.released.wait(30)
        said = self.answer(asked)
        return self.faults[number](said) if number in self.faults else said


@contextmanager
def served(server: Server) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = server.said(Asked(self.command, parts.path, query, headers, body))
            try:
                self.send_response_only(said.status)
                self.send_header("date", formatdate(server.now, usegmt=True))
                self.send_header("content-length", str(len(said.body)))
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.body)
            except OSError:
                pass

        do_GET = do_POST = do_PUT = handle_any

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.base = f"http://127.0.0.1:{http.server_address[1]}"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.released.set()
        http.shutdown()
        http.server_close()
