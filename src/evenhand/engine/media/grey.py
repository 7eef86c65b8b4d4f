"""An image's luma by blocks, by C where it was built, else by numpy: means, to work on fewer pixels, and extremes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evenhand.engine.media import tent
from evenhand.engine.media.tent import Floats

BLACK: Final = 48
WHITE: Final = 207
"""As in `native/grey.c`."""

Block = tuple[int, int]
"""Pixels down and across."""


def means(pixels: NDArray[Any], block: Block = (1, 1)) -> Floats:
    """The luma of uint8 [h, w] or [h, w, 3], or float32 [h, w]: the mean of each whole block, [h // down, w // across].
    What is left over at the lower and right edge is left out."""
    try:
        from evenhand.engine.media._native import block_means  # noqa: PLC0415 (built only where there is a compiler)
    except ImportError:
        return means_in_numpy(pixels, block)
    down, across = block
    found = np.empty((pixels.shape[0] // down, pixels.shape[1] // across), np.float32)
    block_means(pixels, down, across, found)
    return found


def extremes(pixels: NDArray[Any], block: Block) -> tuple[Floats, Floats, int]:
    """Of each whole block of luma, the lowest and the highest; and how many pixels of the image are nearly black where
    the second next to their right is nearly white, or the other way round."""
    try:
        from evenhand.engine.media._native import block_extremes  # noqa: PLC0415 (built only where there is a compiler)
    except ImportError:
        return extremes_in_numpy(pixels, block)
    down, across = block
    lowest = np.empty((pixels.shape[0] // down, pixels.shape[1] // across), np.float32)
    highest = np.empty_like(lowest)
    return lowest, highest, block_extremes(pixels, down, across, lowest, highest)


def means_in_numpy(pixels: NDArray[Any], block: Block) -> Floats:
    """Summed in the order of C."""
    down, across = block
    grey = _whole(tent.luma(pixels), block)
    rows = np.zeros((len(grey) // down, grey.shape[1]), np.float32)
    for row in range(down):
        rows += grey[row::down]
    found = np.zeros((len(rows), rows.shape[1] // across), np.float32)
    for column in range(across):
        found += rows[:, column::across]
    found /= np.float32(down * across)
    return found


def extremes_in_numpy(pixels: NDArray[Any], block: Block) -> tuple[Floats, Floats, int]:
    down, across = block
    grey = tent.luma(pixels)
    whole = _whole(grey, block)
    blocks = whole.reshape(len(whole) // down, down, whole.shape[1] // across, across)
    dark, bright = grey < BLACK, grey > WHITE
    jumps = (dark[:, 2:] & bright[:, :-2]) | (bright[:, 2:] & dark[:, :-2])
    return blocks.min(axis=(1, 3)), blocks.max(axis=(1, 3)), int(jumps.sum())


def _whole(grey: Floats, block: Block) -> Floats:
    height, width = (side // part * part for side, part in zip(grey.shape, block, strict=True))
    return grey[:height, :width]
