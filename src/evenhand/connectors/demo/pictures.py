"""Harmless pictures for the demo: a harbour drawn from a number, as PNG."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from random import Random

WIDTH, HEIGHT = 320, 200
_HORIZON = 110
_PNG = b"\x89PNG\r\n\x1a\n"
Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def png(name: str) -> bytes:
    """A picture of a harbour: sky, sea, sun and two sails; the same for the same name. Format: PNG, 8-bit RGB."""
    chance = Random(name)
    sky, sea = _shade(chance, 120, 235), _shade(chance, 30, 140)
    rows = [_row(y, sky, sea) for y in range(HEIGHT)]
    _disc(rows, chance.randrange(40, WIDTH - 40), chance.randrange(25, 90), chance.randrange(10, 24), (255, 214, 120))
    for _ in range(2):
        _sail(
            rows,
            chance.randrange(30, WIDTH - 60),
            chance.randrange(_HORIZON + 10, HEIGHT - 20),
            _shade(chance, 180, 255),
        )
    return _encode(rows)


def _shade(chance: Random, low: int, high: int) -> Colour:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def _row(y: int, sky: Colour, sea: Colour) -> bytearray:
    base = sky if y < _HORIZON else sea
    light = 1 - abs(y - _HORIZON) / HEIGHT
    return bytearray(bytes(int(channel * light) for channel in base) * WIDTH)


def _dot(rows: list[bytearray], x: int, y: int, colour: Colour) -> None:
    if 0 <= x < WIDTH and 0 <= y < HEIGHT:
        rows[y][3 * x : 3 * x + 3] = bytes(colour)


def _disc(rows: list[bytearray], cx: int, cy: int, radius: int, colour: Colour) -> None:
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y <= radius * radius:
                _dot(rows, cx + x, cy + y, colour)


def _sail(rows: list[bytearray], x: int, y: int, colour: Colour) -> None:
    for up in range(40):
        for across in range((40 - up) // 2):
            _dot(rows, x + across, y - up, colour)
    for deck in range(6):
        for across in range(-8 + deck, 26 - deck):
            _dot(rows, x + across, y + deck, (70, 50, 40))


def _encode(rows: list[bytearray]) -> bytes:
    """PNG (ISO/IEC 15948): signature, header, one compressed data chunk with filter 0 on each row, end."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
