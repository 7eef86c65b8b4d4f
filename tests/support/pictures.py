"""A platform's picture server for tests: harmless, generated pictures, another one under each address."""

import functools
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.ports import HOST

WIDTH, HEIGHT = 240, 160


@functools.cache
def picture(address: str) -> bytes:
    """A PNG of coloured patches, that only this address has."""
    seed = zlib.crc32(address.encode())
    across, down, tilt = 3 + seed % 11, 3 + seed // 11 % 13, seed // 143 % 256
    rows = b"".join(
        b"\0" + bytes(part for x in range(WIDTH) for part in _colour(x * across // 4, y * down // 4, tilt))
        for y in range(HEIGHT)
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _colour(across: int, down: int, tilt: int) -> tuple[int, int, int]:
    return across % 256, (across * down // 64 + tilt) % 256, (255 - down + tilt) % 256


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@contextmanager
def showing() -> Iterator[int]:
    """The port of a running picture server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            png = picture(self.path)
            self.send_response(200)
            self.send_header("content-type", "image/png")
            self.send_header("content-length", str(len(png)))
            self.end_headers()
            self.wfile.write(png)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
