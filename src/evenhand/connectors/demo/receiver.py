"""Harbourlight's own web server: takes genuine webhooks of the desk; serves harmless pictures, made-up hash lists."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import msgspec

from evenhand.connectors.demo import pictures
from evenhand.connectors.demo.exchange import Exchange
from evenhand.connectors.demo.platform import Platform

Verify = Callable[[bytes, Mapping[str, str]], str]
"""The id of a genuine webhook. Raises ValueError when the webhook is not genuine."""
_PICTURE = re.compile(r"/pictures/([\w.-]{1,80})\.png")
_LIST = re.compile(r"/exchange/(\w{1,40})\?after=(\d{1,9})")
_OPINIONS = re.compile(r"/exchange/\w{1,40}/opinions")
_MOST_BYTES = 1_000_000


class Receiver:
    """A server on 127.0.0.1. Port 0 picks a free one. Raises OSError when the port is taken."""

    def __init__(self, port: int, platform: Platform, verify: Verify) -> None:
        self.platform = platform
        self.verify = verify
        self.exchange = Exchange()
        handler = type("Handler", (_Handler,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="harbourlight", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    receiver: ClassVar[Receiver]

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        opinion = _OPINIONS.fullmatch(self.path) is not None
        if not (opinion or self.path == "/webhooks") or not length.isdecimal() or int(length) > _MOST_BYTES:
            self.close_connection = True
            return self._answer(400, b"A webhook is posted to /webhooks, with its length.", "text/plain")
        body = self.rfile.read(int(length))
        return self._opinion(body) if opinion else self._webhook(body)

    def _opinion(self, body: bytes) -> None:
        try:
            self.receiver.exchange.hear(msgspec.json.decode(body, type=dict))
        except msgspec.DecodeError as error:
            return self._answer(400, str(error).encode(), "text/plain")
        return self._answer(200, b"heard", "text/plain")

    def _webhook(self, body: bytes) -> None:
        try:
            webhook_id = self.receiver.verify(body, dict(self.headers))
            message: dict[str, Any] = msgspec.json.decode(body, type=dict)
        except (ValueError, msgspec.DecodeError) as error:
            return self._answer(401, str(error).encode(), "text/plain")
        first = self.receiver.platform.take(webhook_id, message)
        return self._answer(200, b"done" if first else b"done before", "text/plain")

    def do_GET(self) -> None:
        if found := _PICTURE.fullmatch(self.path):
            return self._answer(200, pictures.png(found[1]), "image/png")
        if found := _LIST.fullmatch(self.path):
            told = self.receiver.exchange.changes(found[1], int(found[2]))
            return self._answer(200 if told else 503, msgspec.json.encode(told or "Out of order."), "application/json")
        if self.path == "/opinions":
            return self._answer(200, msgspec.json.encode(self.receiver.exchange.opinions), "application/json")
        if self.path == "/received":
            return self._answer(200, msgspec.json.encode(list(self.receiver.platform.received)), "application/json")
        return self._answer(404, b"Not here.", "text/plain")

    def log_message(self, *_: object) -> None:
        """Silent: the demo's own line tells what happens."""

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
