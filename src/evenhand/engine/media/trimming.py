"""Where the picture is within an image: what is left without uniform borders, or without a screenshot's chrome.

Both guess, and change nearly half of all untouched photographs a little: what they give is asked for as well, never
instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evenhand.engine.media.tent import Floats

Box = tuple[int, int, int, int]
"""Top, bottom, left, right; the second and the fourth are not within."""

WHITE = 255
ALIKE = 12.0
"""Levels of luma that a border may differ by, within itself: what JPEG at quality 30 does to one colour."""
LEAST_SHARE = 0.2
"""Of each side that is left, else it was no border."""
BUSY = 0.5
"""Share of a line that is not the background's colour: in a photograph nearly all of it, in a line of text a third."""
FEW = 8
"""Lines at an edge that are looked at first for its border."""
GAP = 0.02
"""Of the side: quiet lines that may lie within a picture."""


def without_borders(luma: Floats) -> Box | None:
    """The box that remains when uniform rows, then uniform columns are taken off: once, as a frame has one colour, and
    what lies under it (a sky, a wall) is the picture.

    `luma` float32 [h, w] in 0–255. None where nothing comes off, or hardly anything remains.
    """
    top, bottom = _uniform(luma)
    left, right = _uniform(luma[top:bottom].T)
    return _worth((top, bottom, left, right), luma)


def without_chrome(luma: Floats) -> Box | None:
    """The busiest box among lines that are mostly one background colour: bars, captions and margins come off.

    As `without_borders`. An image without a background has no chrome.
    """
    levels = Image.fromarray(luma.astype(np.uint8)).histogram()
    background = np.convolve(levels, np.ones(5), "same").argmax()
    busy = np.abs(luma - np.float32(background)) > ALIKE
    top, bottom = _longest(_of_rows(busy))
    left, right = _longest(_of_columns(busy[top:bottom])) if bottom > top else (0, 0)
    if bottom - top < 1 or right - left < 1:
        return None
    top, bottom = _longest(_of_rows(busy[:, left:right]))
    return _worth((top, bottom, left, right), luma)


def _uniform(lines: Floats) -> tuple[int, int]:
    """The lines between those of the first one's colour and those of the last one's."""
    first = _leading(lines)
    return (0, len(lines)) if first == len(lines) else (first, len(lines) - _leading(lines[::-1]))


def _leading(lines: Floats) -> int:
    """How many lines from the first on are one colour, and the same. Most images have none: few are looked at first."""
    colour = np.median(lines[0])
    start, stop = 0, FEW
    while start < len(lines):
        apart = np.abs(lines[start:stop] - colour)
        differs = (apart.max(axis=1) > 2 * ALIKE) | (apart.mean(axis=1) > ALIKE / 2)
        if differs.any():
            return start + int(differs.argmax())
        start, stop = stop, 2 * stop
    return len(lines)


def _of_rows(busy: NDArray[Any]) -> NDArray[Any]:
    """Of each row of a mask, the share that is set."""
    counts = np.bitwise_count(np.packbits(busy, axis=1)).sum(axis=1, dtype=np.intp)
    shares: NDArray[Any] = counts / busy.shape[1]
    return shares


def _of_columns(busy: NDArray[Any]) -> NDArray[Any]:
    """Of each column: summed in bytes, as many rows at once as cannot overflow one."""
    parts = (busy[row : row + WHITE].view(np.uint8) for row in range(0, len(busy), WHITE))
    counts = np.array([part.sum(axis=0, dtype=np.uint8) for part in parts])
    shares: NDArray[Any] = counts.sum(axis=0, dtype=np.intp) / len(busy)
    return shares


def _longest(busy: NDArray[Any]) -> tuple[int, int]:
    """The longest run of busy lines, over gaps that are short."""
    lines = np.flatnonzero(busy > BUSY)
    if not lines.size:
        return 0, 0
    breaks = np.flatnonzero(np.diff(lines) > max(1, int(GAP * len(busy))))
    starts = lines[np.concatenate([[0], breaks + 1])]
    ends = lines[np.concatenate([breaks, [len(lines) - 1]])] + 1
    best = int((ends - starts).argmax())
    return int(starts[best]), int(ends[best])


def _worth(box: Box, luma: Floats) -> Box | None:
    height, width = luma.shape
    top, bottom, left, right = box
    whole = box == (0, height, 0, width)
    return None if whole or bottom - top < LEAST_SHARE * height or right - left < LEAST_SHARE * width else box
