"""What the child does with a file: decode it, hash what is seen, and say what could not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from evenhand.engine.media.hashing import DIHEDRAL, Pdq, pdq, pdq_dihedral
from evenhand.engine.media.limits import Limits, Undecodable
from evenhand.engine.media.pixels import Picture, decode, frames
from evenhand.engine.media.showing import Levels
from evenhand.runtime.decode.values import Frame, Other, Seen, Unseen

_UNFILTERED: Final = 64
"""Pictures of this side are hashed without a filter, as the reference does, save for their turned forms."""
_SAME: Final = 8
"""Frames as near as this to the last one kept, in bits, are one with it: far inside the radius of 31."""


def look(data: bytes, limits: Limits) -> Seen | Unseen:
    try:
        picture = decode(data, limits)
    except Undecodable as why:
        return Unseen(str(why))
    first, *turned = pdq_dihedral(picture.pixels)
    if picture.pixels.shape[:2] == (_UNFILTERED, _UNFILTERED):
        first = pdq(picture.pixels)
    kept, why_not = _frames(data, limits, first) if picture.frames > 1 else ([], "")
    return Seen(
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        pdq=first.hex,
        quality=first.quality,
        frames=tuple(kept),
        others=tuple(_others(picture, turned)),
        whole=not why_not,
        notes=(*picture.notes, *([why_not] if why_not else [])),
    )


def look_at_grey(levels: bytes, width: int, height: int) -> Seen:
    """One frame that ffmpeg decoded."""
    found = pdq(np.frombuffer(levels, np.uint8).reshape(height, width))
    return Seen(kind="frame", width=width, height=height, pdq=found.hex, quality=found.quality)


def _frames(data: bytes, limits: Limits, last: Pdq) -> tuple[list[Frame], str]:
    """The frames that differ from the one before, and what kept the rest unseen, if anything did."""
    kept: list[Frame] = []
    try:
        for frame in frames(data, limits):
            found = pdq(frame.pixels)
            if _apart(found, last) > _SAME:
                kept.append(Frame(frame.at, found.hex, found.quality))
                last = found
    except Undecodable as why:
        return kept, str(why)
    return kept, ""


def _apart(one: Pdq, other: Pdq) -> int:
    return (int.from_bytes(one.hash, "big") ^ int.from_bytes(other.hash, "big")).bit_count()


def _others(picture: Picture, turned: list[Pdq]) -> Iterator[Other]:
    for name, found in zip(DIHEDRAL[1:], turned, strict=True):
        yield Other(name, found.hex)
    for name, pixels in picture.others:
        yield Other(name, pdq(_levels(pixels)).hex)


def _levels(pixels: Levels) -> Levels:
    return np.ascontiguousarray(pixels)
