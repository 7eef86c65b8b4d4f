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

_MOVING: Final = 2
"""Frames from which on a picture has further ones."""
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
    elsewhere = [*_elsewhere(picture, judged=queries)]
    later, why_not = ([], "") if picture.frames < _MOVING else _frames(data, limits, _firsts(first, elsewhere))
    return Seen(
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        pdq=first.hex,
        quality=first.quality,
        flat=queries and flatness(picture.pixels).is_flat,
        frames=tuple(later),
        others=(*map(_other, asked[1:]), *elsewhere),
        kept=tuple(map(_other, variants.kept(picture.pixels)[1:])) if keep else (),
        whole=not why_not,
        notes=(*picture.notes, *([why_not] if why_not else [])),
    )


def look_at_grey(levels: bytes, width: int, height: int) -> Seen:
    """One frame that ffmpeg decoded."""
    pixels = np.frombuffer(levels, np.uint8).reshape(height, width)
    found, flat = pdq(pixels), flatness(pixels).is_flat
    return Seen(kind="frame", width=width, height=height, pdq=found.hex, quality=found.quality, flat=flat)


def _firsts(first: Pdq, elsewhere: list[Other]) -> dict[str, bytes]:
    """Of the first frame's looks, by name, what they hash to."""
    return {"": first.hash, **{one.name: bytes.fromhex(one.pdq) for one in elsewhere}}


def _frames(data: bytes, limits: Limits, last: dict[str, bytes]) -> tuple[list[Frame], str]:
    """The looks of further frames that differ from the last one kept of that name, and what left the rest unseen, if
    anything did."""
    kept: list[Frame] = []
    try:
        for frame in frames(data, limits):
            for name, pixels in (("", frame.pixels), *frame.others):
                found = pdq(np.ascontiguousarray(pixels))
                if name not in last or _apart(found.hash, last[name]) > _SAME:
                    kept.append(Frame(frame.at, found.hex, found.quality))
                    last[name] = found.hash
    except Undecodable as why:
        return kept, str(why)
    return kept, ""


def _apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _other(variant: variants.Variant) -> Other:
    return Other(variant.name, variant.pdq.hex, variant.pdq.quality)


def _elsewhere(picture: Picture, *, judged: bool) -> Iterator[Other]:
    for name, pixels in picture.others:
        found = pdq(np.ascontiguousarray(pixels))
        yield Other(name, found.hex, found.quality, judged and flatness(pixels).is_flat)
