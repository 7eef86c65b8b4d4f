"""Netpbm's PGM, the plainest picture there is, as ffmpeg writes one frame after another into a pipe."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from evenhand.runtime.decode.wire import Ended, Wire

_HEADER: Final = re.compile(rb"P5\n(\d{1,5}) (\d{1,5})\n255\n")
_LONGEST: Final = 22


class Picture(Struct, frozen=True):
    """`levels`: one byte for each pixel, row by row."""

    width: int
    height: int
    levels: bytes


def read(wire: Wire, until: float, side: int) -> Picture:
    """The next picture, at most `side` wide and high. Raises Ended (no more, or no PGM), Late."""
    header = b""
    while not (found := _HEADER.fullmatch(header)):
        if len(header) >= _LONGEST:
            raise Ended
        header += wire.raw(1, until)
    width, height = int(found[1]), int(found[2])
    if not (1 <= width <= side and 1 <= height <= side):
        raise Ended
    return Picture(width, height, wire.raw(width * height, until))
