"""More hashes of one image: what a copy of it may have come from, to ask for beside its own hash; and what a copy may
become, to keep with the hash of a medium that the operator adds himself."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from PIL import Image

from evenhand.engine.media import grey
from evenhand.engine.media.analysis import Analyse, Pixels, checked
from evenhand.engine.media.hashing import DIHEDRAL, LEAST_SIDE, Pdq, hashed, pdq_dihedral
from evenhand.engine.media.tent import Floats
from evenhand.engine.media.trimming import Box, without_borders, without_chrome

SIZES = (512, 256, 128)
"""Squares that an image is brought to first: what was hashed large and comes back small, or the other way round."""
LEAST_WORKED = 1024
"""Where a side of blocks keeps as many, further queries are made of their means: they move by 16 bits at most (brick;
16 photographs at 4 sizes). An image's own hash is of all its pixels, and so are those of sides under 2048."""
LEAST_LOOKED_AT = 512
"""Where each side keeps as many, borders and chrome are looked for in some pixels, not in means: these would
make lines of text as busy as a photograph."""
CROPS = (0.04, 0.08, 0.14, 0.20)
"""Taken off each axis, half of it on each side."""
EDGES = (0.03, 0.06, 0.10)
"""Taken off one edge."""
TURNS = (-5.0, -3.0, -1.5, 1.5, 3.0, 5.0)
"""Degrees; the corners become black."""


class Variant(Struct, frozen=True):
    """`name` says what was done to the image before it was hashed, in words for people."""

    name: str
    pdq: Pdq


def queries(image: bytes | Pixels, *, analyse: Analyse | None = None) -> tuple[Variant, ...]:
    """What to ask an index for: the image's own hash first, then up to 27 more, no hash twice.

    All eight positions; those without borders and without a screenshot's chrome, in all positions too; three canonical
    sizes; and colours inverted. Each is an extra question: none makes up for the first. Raises as `pdq` does.
    """
    pixels = checked(image)
    if min(pixels.shape[:2]) < LEAST_SIDE:
        return (Variant(DIHEDRAL[0], hashed(pixels, analyse)),)
    return _distinct(_queries(pixels, analyse))


def kept(image: bytes | Pixels, *, analyse: Analyse | None = None) -> tuple[Variant, ...]:
    """What to keep of a medium beside its own hash: centre crops, edge crops and small rotations, no hash twice.

    The medium itself is not needed after that. Raises as `pdq` does.
    """
    pixels = checked(image)
    if min(pixels.shape[:2]) < 2 * LEAST_SIDE:
        return (Variant(DIHEDRAL[0], hashed(pixels, analyse)),)
    return _distinct(_kept(pixels, analyse))


def _queries(pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    own = hashed(pixels, analyse)
    yield Variant(DIHEDRAL[0], own)
    luma = grey.means(pixels, _block(pixels, LEAST_WORKED))
    for position, turned in zip(DIHEDRAL[1:], _turned(luma), strict=True):
        yield Variant(position, hashed(turned, analyse))
    points = _points(luma, pixels)
    for name, find in (("without borders", without_borders), ("without chrome", without_chrome)):
        box = find(points)
        if box is not None and min(box[1] - box[0], box[3] - box[2]) >= LEAST_SIDE:
            yield from _positions(name, _cut(luma, _scaled(box, points, luma)), analyse)
    for size, square in zip(SIZES, _squares(luma), strict=True):
        yield Variant(f"at {size} × {size}", hashed(square, analyse))
    yield Variant("inverted", Pdq(bytes(byte ^ 0xFF for byte in own.hash), own.quality))


def _block(pixels: Pixels, least: int) -> grey.Block:
    height, width = pixels.shape[:2]
    return max(1, height // least), max(1, width // least)


def _points(luma: Floats, pixels: Pixels) -> Floats:
    down, across = _block(pixels, LEAST_LOOKED_AT)
    return luma if down == across == 1 else grey.means(pixels[down // 2 :: down, across // 2 :: across])


def _scaled(box: Box, points: Floats, luma: Floats) -> Box:
    """The box within `luma` that was found in `points`."""
    down, across = (one / other for one, other in zip(luma.shape, points.shape, strict=True))
    top, bottom, left, right = box
    return math.ceil(top * down), math.floor(bottom * down), math.ceil(left * across), math.floor(right * across)


def _turned(luma: Floats) -> Iterator[Floats]:
    """The pixels in seven more positions, as DIHEDRAL. The turned cosines cost less, but samples are not taken quite in
    the middle: a finely patterned image (a lawn, a wall of bricks) is not found by them."""
    transposed = np.asarray(Image.fromarray(luma).transpose(Image.Transpose.TRANSPOSE))
    yield transposed[::-1]
    yield luma[::-1, ::-1]
    yield transposed[:, ::-1]
    yield luma[::-1]
    yield luma[:, ::-1]
    yield transposed
    yield transposed[::-1, ::-1]


def _squares(luma: Floats) -> Iterator[Floats]:
    """Each is made of the one before it: resampling all of the image again takes three times as long."""
    square = luma
    for size in SIZES:
        square = _resized(square, size)
        yield square


def _positions(name: str, pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    for position, each in zip(DIHEDRAL, pdq_dihedral(pixels, analyse=analyse), strict=True):
        yield Variant(f"{name}, {position}" if name and position != DIHEDRAL[0] else name or position, each)


def _kept(pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    yield Variant(DIHEDRAL[0], hashed(pixels, analyse))
    height, width = pixels.shape[:2]
    for share in CROPS:
        down, across = round(height * share / 2), round(width * share / 2)
        box = down, height - down, across, width - across
        yield Variant(f"{share:.0%} cropped around", hashed(_cut(pixels, box), analyse))
    for share in EDGES:
        down, across = round(height * share), round(width * share)
        for edge, box in {
            "top": (down, height, 0, width),
            "bottom": (0, height - down, 0, width),
            "left": (0, height, across, width),
            "right": (0, height, 0, width - across),
        }.items():
            yield Variant(f"{share:.0%} cropped at the {edge}", hashed(_cut(pixels, box), analyse))
    luma = Image.fromarray(grey.means(pixels))
    for turn in TURNS:
        turned = np.asarray(luma.rotate(turn, Image.Resampling.BILINEAR))
        yield Variant(f"turned by {turn:+g}°", hashed(turned, analyse))


def _distinct(found: Iterator[Variant]) -> tuple[Variant, ...]:
    first: dict[bytes, Variant] = {}
    for each in found:
        first.setdefault(each.pdq.hash, each)
    return tuple(first.values())


def _cut(pixels: Pixels, box: Box) -> Pixels:
    top, bottom, left, right = box
    return pixels[top:bottom, left:right]


def _resized(luma: Floats, size: int) -> Floats:
    if luma.shape == (size, size):
        return luma
    return np.asarray(Image.fromarray(luma).resize((size, size), Image.Resampling.BILINEAR))
