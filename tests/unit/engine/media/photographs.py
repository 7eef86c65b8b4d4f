"""Photographs that scikit-image ships (freely licensed), as tests show them."""

import io
import os
from functools import cache
from pathlib import Path

import numpy as np
import skimage
from PIL import Image

_FOLDER = Path(os.fspath(skimage.__file__)).parent / "data"
NAMES = ("chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg", "retina.jpg",
         "ihc.png", "motorcycle_left.png", "brick.png", "gravel.png", "camera.png", "coins.png")  # fmt: skip


@cache
def photograph(name: str, side: int = 0) -> Image.Image:
    """In RGB; with `side`, its longer side made that long."""
    image = Image.open(_FOLDER / name).convert("RGB")
    image.info.clear()  # no profile or gamma goes along
    if side:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return image


@cache
def photographs(side: int = 320) -> tuple[Image.Image, ...]:
    return tuple(photograph(name, side) for name in NAMES)


def crops(side: int = 200) -> list[Image.Image]:
    """Four corners and the middle of each."""
    found = []
    for image in photographs():
        width, height = image.size
        for x, y in ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)):
            left, top = int(x * max(0, width - side)), int(y * max(0, height - side))
            found.append(image.crop((left, top, min(width, left + side), min(height, top + side))))
    return found


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def oriented(image: Image.Image, orientation: int) -> tuple[Image.Image, Image.Exif]:
    """What must be stored so that `image` is displayed upright under EXIF's `orientation` (EXIF 2.32, tag 0x0112)."""
    transpose = Image.Transpose
    undo = {
        2: transpose.FLIP_LEFT_RIGHT, 3: transpose.ROTATE_180, 4: transpose.FLIP_TOP_BOTTOM, 5: transpose.TRANSPOSE,
        6: transpose.ROTATE_90, 7: transpose.TRANSVERSE, 8: transpose.ROTATE_270,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    return (image.transpose(undo[orientation]) if orientation in undo else image), exif


def bits_apart(one: bytes, other: bytes) -> int:
    return int(np.unpackbits(np.frombuffer(one, np.uint8) ^ np.frombuffer(other, np.uint8)).sum())
