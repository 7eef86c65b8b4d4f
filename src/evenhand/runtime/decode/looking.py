"""What the child does with a file: decode it, hash what is seen, and say what could not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from evenhand.engine.media import variants
from evenhand.engine.media.flatness import flatness
from evenhand.engine.media.hashing import Pdq, pdq
from evenhand.engine.media.limits import Limits, Undecodable
from evenhand.engine.media.pixels import Picture, decode, frames
from evenhand.runtime.decode.values import Frame, Other, Seen, Unseen

_SAME: Final = 8
"""Frames as near as this to the last one kept, in bits, are one with it: far inside the radius of 31."""


def look(data: bytes, limits: Limits, *, queries: bool = True, keep: bool = False) -> Seen | Unseen:
    """With `queries`, whether it is flat and the hashes to ask for beside its own, at many times the cost; with `keep`,
    also those that a bank keeps of a medium that the operator adds himself."""
    try:
        picture = decode(data, limits)
    except Undecodable as why:
        return Unseen(str(why))
    asked = variants.queries(picture.pixels) if queries else ()
    first = asked[0].pdq if asked else pdq(picture.pixels)
    later, why_not = _frames(data, limits, first) if picture.frames > 1 else ([], "")
    return Seen(
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        pdq=first.hex,
        quality=first.quality,
        flat=queries and flatness(picture.pixels).is_flat,
        frames=tuple(later),
        others=(*map(_other, asked[1:]), *_elsewhere(picture)),
        kept=tuple(map(_other, variants.kept(picture.pixels)[1:])) if keep else (),
        whole=not why_not,
        notes=(*picture.notes, *([why_not] if why_not else [])),
    )


def look_at_grey(levels: bytes, width: int, height: int) -> Seen:
    """One frame that ffmpeg decoded."""
    found = pdq(np.frombuffer(levels, np.uint8).reshape(height, width))
    return Seen(kind="frame", width=width, height=height, pdq=found.hex, quality=found.quality)


def _frames(data: bytes, limits: Limits, last: Pdq) -> tuple[list[Frame], str]:
    """The frames that differ from the last one kept, and what left the rest unseen, if anything did."""
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


def _other(variant: variants.Variant) -> Other:
    return Other(variant.name, variant.pdq.hex)


def _elsewhere(picture: Picture) -> Iterator[Other]:
    for name, pixels in picture.others:
        yield Other(name, pdq(np.ascontiguousarray(pixels)).hex)
