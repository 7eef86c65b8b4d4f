"""The displayed pixels of a picture's file: a pure function of its bytes, within limits, or one sentence why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL.ImageFile import ImageFile

from evenhand.engine.media.kinds import Kind, sniff
from evenhand.engine.media.limits import DEFAULT, Limits, Undecodable, check_size
from evenhand.engine.media.opening import opened
from evenhand.engine.media.showing import Levels, shown
from evenhand.engine.media.tails import remarks

__all__ = ["DEFAULT", "Frame", "Kind", "Limits", "Picture", "Undecodable", "decode", "displayed", "frames", "sniff"]

LEAST_SIDE: Final = 1024
"""A JPEG is decoded at 1/2, 1/4 or 1/8 where both its sides stay this long: PDQ moves by 6 bits at most (12 photographs
at 6 sizes; with 512 it would be 18)."""
_MS: Final = 1000
_GREY: Final = 2
"""Axes of a grey picture's pixels."""


class Picture(Struct, frozen=True, kw_only=True):
    """What a person sees of a picture's first frame.

    `pixels`: uint8 [h, w] grey or [h, w, 3] RGB; a big JPEG's are fewer than its own.
    `width`, `height`: as displayed, before any scaling. `frames`: how many the file says it has. `others`: what else
    it shows to some viewers, by name. `notes`: what is odd, in sentences.
    """

    kind: str
    width: int
    height: int
    pixels: Levels
    frames: int = 1
    others: tuple[tuple[str, Levels], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def luma(self) -> NDArray[Any]:
        """[h, w] in 0–255: uint8 of grey, float32 of RGB, by the weights and in the order of `pdqhash` 0.2.8."""
        if self.pixels.ndim == _GREY:
            return self.pixels
        red, green, blue = (self.pixels[:, :, band] for band in range(3))
        luma: NDArray[Any] = red * 0.299 + green * 0.587 + blue * 0.114
        return luma.astype(np.float32)

    def rgb(self) -> Levels:
        """[h, w, 3]; three times the same of a grey picture."""
        return np.repeat(self.pixels[:, :, None], 3, axis=2) if self.pixels.ndim == _GREY else self.pixels


class Frame(Struct, frozen=True):
    """A further frame of an animated picture, `at` seconds after its beginning; or a further page, at 0. `others`: as
    of a picture."""

    at: float
    pixels: Levels
    others: tuple[tuple[str, Levels], ...] = ()


def decode(data: bytes, limits: Limits = DEFAULT) -> Picture:
    """The first frame of a JPEG, PNG, GIF, WEBP, AVIF, BMP or TIFF, as its first bytes say.

    Raises Undecodable.
    """
    with opened(data, limits) as (image, kind):
        width, height = image.size
        _draft(image, kind)
        count = 1 if kind.name == "jpeg" else int(getattr(image, "n_frames", 1))
        seen = shown(image)
        if (seen.pixels.shape[1] < seen.pixels.shape[0]) != (width < height):
            width, height = height, width
        return Picture(
            kind=kind.name,
            width=width,
            height=height,
            pixels=seen.pixels,
            frames=count,
            others=seen.others,
            notes=(*remarks(data, kind), *_about(seen.others)),
        )


def displayed(data: bytes, limits: Limits = DEFAULT) -> Levels:
    """The pixels of `decode` alone: without looking for what else the file is, which takes a tenth of the time.

    Raises Undecodable.
    """
    with opened(data, limits) as (image, kind):
        _draft(image, kind)
        return shown(image).pixels


def _draft(image: ImageFile, kind: Kind) -> None:
    if kind.name == "jpeg":
        image.draft(image.mode, (LEAST_SIDE, LEAST_SIDE))


def frames(data: bytes, limits: Limits = DEFAULT) -> Iterator[Frame]:
    """The frames after the first, or a TIFF's further pages.

    Raises Undecodable: at a damaged frame, and where limits end it, after those before it were given.
    """
    with opened(data, limits) as (image, kind):
        if kind.name == "jpeg":
            return
        image.load()  # some kinds tell how long a frame stays when it is decoded
        at, pixels = _seconds(image), image.width * image.height
        for number in range(1, limits.frames + 1):
            try:
                image.seek(number)
            except EOFError:
                return
            check_size(*image.size, limits)
            pixels += image.width * image.height
            if number == limits.frames or pixels > limits.frame_pixels:
                raise Undecodable(f"only its first {number:,} frames were looked at")
            seen = shown(image)
            yield Frame(at, seen.pixels, seen.others)
            at += _seconds(image)


def _seconds(image: ImageFile) -> float:
    return float(image.info.get("duration", 0)) / _MS


def _about(others: tuple[tuple[str, Levels], ...]) -> Iterator[str]:
    for name, _ in others:
        yield f"it shows another picture {name}"
