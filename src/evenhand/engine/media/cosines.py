"""PDQ's 16 × 16 cosines of 64 × 64 samples and its quality, in numpy, with the very rounding of the reference."""

from __future__ import annotations

import math

import numpy as np

from evenhand.engine.media.tent import SIDE, Floats

COSINES = 16


def _matrix() -> Floats:
    """The lowest frequencies but the first, of a discrete cosine transform of 64 values (Zauner 2010)."""
    scale = float(np.float32(math.sqrt(2 / SIDE)))
    step = math.pi / 2 / SIDE
    rows = [[scale * math.cos(step * (i + 1) * (2 * j + 1)) for j in range(SIDE)] for i in range(COSINES)]
    return np.array(rows, np.float32)


MATRIX = _matrix()


def cosines(samples: Floats) -> Floats:
    """[64, 64] to [16, 16]: down, then across."""
    return _times(_times(MATRIX, samples), MATRIX.T)


def _times(one: Floats, other: Floats) -> Floats:
    """The matrix product, summed in order: numpy's own sums in any order, and rounds otherwise."""
    total = np.zeros((len(one), other.shape[1]), np.float32)
    for k in range(SIDE):
        total += one[:, k, None] * other[k]
    return total


def quality(samples: Floats) -> int:
    """How much happens between neighbours in [64, 64] samples: 0 (one colour) to 100. Below 50 a hash says little."""
    hundred, white, parts = np.float32(100), np.float32(255), 90
    down = (samples[:-1] - samples[1:]) * hundred / white
    across = (samples[:, :-1] - samples[:, 1:]) * hundred / white
    total = int(np.abs(np.trunc(down)).sum(dtype=np.int64) + np.abs(np.trunc(across)).sum(dtype=np.int64))
    return min(100, total // parts)
