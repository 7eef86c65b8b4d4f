"""PDQ's tent filter in numpy: an image's luma to 64 × 64 samples, with the very rounding of the reference.

Two box filters along rows and columns make a tent (Jarosz, "Fast Image Convolutions", 2001). Each is a running sum in
float32 that adds the next value and then takes off the oldest. That order is kept, as a flat image is nothing but
rounding. `native/pdq.c` does the same, faster.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SIDE = 64
WEIGHTS = (299, 587, 114)
"""Of red, green and blue, in thousandths: ITU-R BT.601."""


def luma(pixels: NDArray[Any]) -> Floats:
    """Grey or RGB, uint8 [h, w] or [h, w, 3], to float32 [h, w] in 0–255; luma in float32 stays what it is.

    One rounded division gives what float64 rounded to float32 gives, for each of the 2^24 colours.
    """
    if not pixels.shape[2:]:
        return pixels.astype(np.float32, copy=False)
    thousandths = np.zeros(pixels.shape[:2], np.int32)
    for channel, weight in enumerate(WEIGHTS):
        thousandths += np.multiply(pixels[:, :, channel], np.int32(weight), dtype=np.int32)
    return np.divide(thousandths, np.float32(1000), dtype=np.float32)


def samples(grey: Floats) -> Floats:
    """Luma [h, w], at least 5 × 5, to its 64 × 64 blurred samples."""
    height, width = grey.shape
    means = _mean(_mean(grey.T, _window(width)).T, _window(height))
    across = _mean(means.T, _window(width))[_sampled(width)]
    return _mean(across.T, _window(height))[_sampled(height)]


def _window(size: int) -> int:
    """Half of what one sample stands for, rounded up: two boxes of that size make the tent."""
    return (size + 2 * SIDE - 1) // (2 * SIDE)


def _sampled(size: int) -> NDArray[np.intp]:
    """The middle of each of 64 equal parts."""
    return ((np.arange(SIDE) + 0.5) * size / SIDE).astype(np.intp)


def _mean(values: Floats, window: int) -> Floats:
    """The running mean down the columns; at the edges, of what there is."""
    rows = np.ascontiguousarray(values)
    size, lag = len(rows), (window + 2) // 2 - 1
    means = np.empty_like(rows)
    total = np.zeros(rows.shape[1], np.float32)
    for step in range(size + lag):
        if step < size:
            total += rows[step]
        if step >= window:
            total -= rows[step - window]
        if step >= lag:
            means[step - lag] = total
    steps = np.arange(lag, size + lag)
    held = np.minimum(steps, size - 1) - np.maximum(steps - window, -1)
    means /= held[:, None].astype(np.float32)
    return means
