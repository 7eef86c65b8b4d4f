"""A server for one test that says, byte for byte, what it was told to say: truth, lies, or nothing."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.support.ports import HOST

Behaviour = Callable[[socket.socket], None]
"""What to do with a connection. It is closed afterwards."""


class Liar:
    """A listening server. `heard` holds the raw request of each connection, `connections` their number."""

    def __init__(self, behaviour: Behaviour, context: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.heard: list[bytes] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._context = context
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http{'s' if context else ''}://{HOST}:{self.port}/hook"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(30)
            secured = self._context.wrap_socket(connection, server_side=True) if self._context else connection
            with secured:
                self.heard.append(listen(secured))
                self.behaviour(secured)


def listen(connection: socket.socket) -> bytes:
    """One request with its body, or the first bytes of what is no HTTP."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(65536)
        raw += piece
        if not piece or not raw[:1].isalpha():
            return raw
    head, _, body = raw.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def lying(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[Liar]:
    liar = Liar(behaviour, context)
    try:
        yield liar
    finally:
        liar.close()


def say(*pieces: bytes) -> Behaviour:
    """These bytes, then the end."""
    return lambda connection: connection.sendall(b"".join(pieces))


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """An honest HTTP answer."""
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return say("\r\n".join(lines).encode(), b"\r\n\r\n", body)


def drip(*pieces: bytes, every: float, last: float = 30) -> Behaviour:
    """The first pieces at once, then the last one byte by byte, over and over for `last` seconds."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"".join(pieces[:-1]))
        end = time.monotonic() + last
        while time.monotonic() < end:
            for byte in pieces[-1]:
                connection.sendall(bytes([byte]))
                time.sleep(every)

    return behave


def hang(connection: socket.socket) -> None:
    """Nothing at all, until the other side gives up."""
    connection.recv(1)
