"""Whether an image is mostly background and lettering, so that its perceptual hash says little about what it tells.

Screenshots of posts share their layout, and memes of one template their picture: their hashes come near to each other
though they say different things. Such a match needs a lower radius, and always a person.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from evenhand.engine.media.grey import extremes
from evenhand.engine.media.tent import Floats

FLAT_RADIUS = 12
"""For images that are flat, instead of 31: what `bench/media_hashing.py` tells of false matches within either."""
MOSTLY_ONE_COLOUR = 0.5
"""Share of blocks that are the background; measured on generated screenshots, and on photographs (`bench`)."""
LETTERED = 0.006
"""Share of pixels that stand at a jump from nearly black to nearly white: a caption over a tenth of the picture."""
BLOCKS, LEAST_BLOCK = 64, 8
"""Along each side, and the pixels of a block's side: in smaller ones every photograph is quiet."""
NOISE = 6.0
"""Levels within a block that is one colour: what JPEG adds far from edges."""


class Flatness(Struct, frozen=True):
    """`background`: share 0–1 of the image that is its one background colour. `lettering`: share 0–1 of its pixels at
    edges as sharp as those of letters. `score`: 1 and more where either says that the image is flat."""

    background: float
    lettering: float

    @property
    def score(self) -> float:
        return max(self.background / MOSTLY_ONE_COLOUR, self.lettering / LETTERED)

    @property
    def is_flat(self) -> bool:
        return self.score >= 1


def flatness(pixels: NDArray[Any]) -> Flatness:
    """Of uint8 [h, w] or [h, w, 3], or float32 luma [h, w] in 0–255.

    Lettering is counted by jumps within two pixels: letters that were scaled have a grey pixel between their black and
    the white.
    """
    height, width = pixels.shape[:2]
    block = min(height, max(LEAST_BLOCK, height // BLOCKS)), min(width, max(LEAST_BLOCK, width // BLOCKS))
    lowest, highest, jumps = extremes(pixels, block)
    return Flatness(_background(lowest, highest), jumps / max(1, height * (width - 2)))


def _background(lowest: Floats, highest: Floats) -> float:
    quiet = lowest[highest - lowest <= NOISE]
    levels = np.bincount(quiet.astype(np.intp), minlength=256)
    return float(np.convolve(levels, np.ones(int(NOISE))).max() / lowest.size)
