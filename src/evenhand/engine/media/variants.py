"""More hashes of one image: what a copy of it may have come from, to ask for beside its own hash; and what a copy may
become, to keep with the hash of a medium that the operator adds himself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from PIL import Image

from evenhand.engine.media import tent
from evenhand.engine.media.analysis import Analyse, Pixels, checked
from evenhand.engine.media.hashing import DIHEDRAL, LEAST_SIDE, Pdq, pdq, pdq_dihedral
from evenhand.engine.media.tent import Floats
from evenhand.engine.media.trimming import Box, without_borders, without_chrome

SIZES = (512, 256, 128)
"""Squares that an image is brought to first: what was hashed large and comes back small, or the other way round."""
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
        return (Variant(DIHEDRAL[0], pdq(pixels)),)
    return _distinct(_queries(pixels, analyse))


def kept(image: bytes | Pixels, *, analyse: Analyse | None = None) -> tuple[Variant, ...]:
    """What to keep of a medium beside its own hash: centre crops, edge crops and small rotations, no hash twice.

    The medium itself is not needed after that. Raises as `pdq` does.
    """
    pixels = checked(image)
    if min(pixels.shape[:2]) < 2 * LEAST_SIDE:
        return (Variant(DIHEDRAL[0], pdq(pixels)),)
    return _distinct(_kept(pixels, analyse))


def _queries(pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    own = pdq(pixels, analyse=analyse)
    yield Variant(DIHEDRAL[0], own)
    luma = tent.luma(pixels)
    for position, turned in zip(DIHEDRAL[1:], _turned(luma), strict=True):
        yield Variant(position, pdq(turned, analyse=analyse))
    for name, find in (("without borders", without_borders), ("without chrome", without_chrome)):
        box = find(luma)
        if box is not None and min(box[1] - box[0], box[3] - box[2]) >= LEAST_SIDE:
            yield from _positions(name, _cut(luma, box), analyse)
    for size in SIZES:
        yield Variant(f"at {size} × {size}", pdq(_resized(luma, size), analyse=analyse))
    yield Variant("inverted", Pdq(bytes(byte ^ 0xFF for byte in own.hash), own.quality))


def _turned(luma: Floats) -> Iterator[Floats]:
    """The pixels in seven more positions, as DIHEDRAL. The turned cosines cost less, but samples are not taken quite in
    the middle: a finely patterned image (a lawn, a wall of bricks) is not found by them."""
    yield from (np.rot90(luma, quarters) for quarters in (1, 2, 3))
    yield luma[::-1]
    yield luma[:, ::-1]
    yield luma.T
    yield np.rot90(luma, 2).T


def _positions(name: str, pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    for position, each in zip(DIHEDRAL, pdq_dihedral(pixels, analyse=analyse), strict=True):
        yield Variant(f"{name}, {position}" if name and position != DIHEDRAL[0] else name or position, each)


def _kept(pixels: Pixels, analyse: Analyse | None) -> Iterator[Variant]:
    yield Variant(DIHEDRAL[0], pdq(pixels, analyse=analyse))
    height, width = pixels.shape[:2]
    for share in CROPS:
        down, across = round(height * share / 2), round(width * share / 2)
        box = down, height - down, across, width - across
        yield Variant(f"{share:.0%} cropped around", pdq(_cut(pixels, box), analyse=analyse))
    for share in EDGES:
        down, across = round(height * share), round(width * share)
        for edge, box in {
            "top": (down, height, 0, width),
            "bottom": (0, height - down, 0, width),
            "left": (0, height, across, width),
            "right": (0, height, 0, width - across),
        }.items():
            yield Variant(f"{share:.0%} cropped at the {edge}", pdq(_cut(pixels, box), analyse=analyse))
    luma = Image.fromarray(tent.luma(pixels))
    for turn in TURNS:
        turned = np.asarray(luma.rotate(turn, Image.Resampling.BILINEAR))
        yield Variant(f"turned by {turn:+g}°", pdq(turned, analyse=analyse))


def _distinct(found: Iterator[Variant]) -> tuple[Variant, ...]:
    first: dict[bytes, Variant] = {}
    for each in found:
        first.setdefault(each.pdq.hash, each)
    return tuple(first.values())


def _cut(pixels: Pixels, box: Box) -> Pixels:
    top, bottom, left, right = box
    return pixels[top:bottom, left:right]


def _resized(luma: Floats, size: int) -> Floats:
    return np.asarray(Image.fromarray(luma).resize((size, size), Image.Resampling.BILINEAR))
