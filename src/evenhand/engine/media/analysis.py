"""What PDQ needs to know of an image: its 16 × 16 cosines and its quality, by C where it was built, else by numpy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.engine.media import tent
from evenhand.engine.media.cosines import COSINES, MATRIX, cosines, quality
from evenhand.engine.media.tent import Floats

Pixels = NDArray[Any]
"""uint8 [h, w] grey, uint8 [h, w, 3] RGB, or float32 [h, w] luma in 0–255; views of any strides, but a pixel's three
bytes together."""
Analyse = Callable[[Pixels, bool], tuple[Floats, int]]
"""Cosines [16, 16] and quality of pixels, 5 × 5 at least; False where 64 × 64 of them are the samples themselves."""

WHITE = 255


def checked(image: Any) -> Pixels:
    """Of a file's bytes, or of pixels. Raises Undecodable for a file, ValueError for all else that is no image."""
    if isinstance(image, bytes):
        from evenhand.engine.media.pixels import displayed  # noqa: PLC0415 (arrays need no decoder)

        return displayed(image)
    if not isinstance(image, np.ndarray):
        hint = f": open it, as pdq(open({image[:40]!r}, 'rb').read())" if isinstance(image, str) else ""
        raise ValueError(f"No image: a {type(image).__name__}; give a file's bytes, or an array of pixels{hint}")  # noqa: TRY004 (told like all that is no image)
    if not image.size:
        raise ValueError(f"No image: an array of shape {image.shape} has no pixels")
    match image.shape, image.dtype.char:
        case ((_, _), "B"):
            return image
        case ((_, _, 3), "B"):
            return image if image.strides[2] == 1 else np.ascontiguousarray(image)
        case ((_, _), "f"):
            if not (image.min() >= 0 and image.max() <= WHITE):
                raise ValueError("No image: luma goes from 0 to 255")
            return image
    raise ValueError(f"No image: {image.dtype} of shape {image.shape}; give uint8 grey or RGB, or float32 luma")


@cache
def best() -> Analyse:
    """C, else numpy: the same bits in twenty times the time."""
    try:
        return in_c()
    except ImportError:
        return in_numpy


def in_numpy(pixels: Pixels, filtered: bool) -> tuple[Floats, int]:  # noqa: FBT001 (Analyse, called by position)
    grey = tent.luma(pixels)
    samples = tent.samples(grey) if filtered else grey
    return cosines(samples), quality(samples)


def in_c() -> Analyse:
    """Raises ImportError where the extension was not built."""
    from evenhand.engine.media._native import pdq_cosines  # noqa: PLC0415 (built only where there is a compiler)

    def analyse(pixels: Pixels, filtered: bool) -> tuple[Floats, int]:  # noqa: FBT001 (Analyse, called by position)
        found = np.empty((COSINES, COSINES), np.float32)
        return found, pdq_cosines(pixels, filtered, MATRIX, found)

    return analyse
