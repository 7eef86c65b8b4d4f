"""How much of a medium is decoded at most, and what is said where that is not enough."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

MEGAPIXELS: Final = 1_000_000


class Undecodable(Exception):
    """The file gives no pixels. `str(error)` is one precise sentence, without a full stop, that follows a colon."""


class Limits(Struct, frozen=True, kw_only=True):
    """Checked on the header, before a pixel is decoded: the defaults keep the decoder under 1 GB and some seconds."""

    bytes: int = 50_000_000
    pixels: int = 50 * MEGAPIXELS
    frames: int = 300
    """Of an animated picture, or pages."""
    seconds: int = 1800
    """Of a film: one frame of each is looked at."""
    frame_pixels: int = 200 * MEGAPIXELS
    """Of all its frames together."""


DEFAULT: Final = Limits()


def check_bytes(data: bytes, limits: Limits) -> None:
    """Raises Undecodable."""
    if len(data) > limits.bytes:
        raise Undecodable(f"{len(data):,} bytes are more than the {limits.bytes:,} that are looked at")


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raises Undecodable."""
    if width < 1 or height < 1:
        raise Undecodable(f"a picture of {width:,} × {height:,} pixels has none")
    if width * height > limits.pixels:
        raise Undecodable(
            f"{width:,} × {height:,} pixels are more than the {limits.pixels // MEGAPIXELS} million that are decoded"
        )
