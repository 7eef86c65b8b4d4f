"""Every kind of file gives what a person sees: its hash is that which the reference gives the displayed pixels."""

import os
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pdqhash
import pytest
from PIL import Image

from evenhand.engine.media.hashing import pdq
from evenhand.engine.media.pixels import decode
from tests.unit.engine.media.photographs import bits_apart, crops, oriented, photographs, saved

RADIUS = 31
PICTURES = [*photographs(320), *crops()] if os.environ.get("EVENHAND_TEST_MEDIA") else photographs(128)


def reference(image: Image.Image) -> bytes:
    """`pdqhash` of the picture as it is displayed."""
    vector, _ = pdqhash.compute(np.asarray(image.convert("RGB")).copy())
    return np.packbits(vector).tobytes()


Made = tuple[Image.Image, bytes]
"""A picture as it is displayed, and its file."""


def _palette_with_a_hole(image: Image.Image) -> Made:
    few = image.quantize(255)
    return few, saved(few, "PNG", transparency=255)


def _sixteen_bits(image: Image.Image) -> Made:
    grey = image.convert("L")
    return grey, saved(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), "PNG")


def _sixteen_bits_rgb(image: Image.Image) -> Made:
    rows = b"".join(b"\0" + row.tobytes() for row in (np.asarray(image).astype(">u2") * 257).astype(">u2"))
    header = struct.pack(">IIBBBBB", *image.size, 16, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return image, b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _film(kind: str) -> Callable[[Image.Image], Made]:
    def make(image: Image.Image) -> Made:
        small = image.resize((96, 96))
        first = small.quantize(255) if kind == "GIF" else small
        rest = [first.transpose(Image.Transpose.ROTATE_180)]
        return first, saved(first, kind, save_all=True, append_images=rest, duration=100)

    return make


def _plain(kind: str, mode: str, **options: object) -> Callable[[Image.Image], Made]:
    def make(image: Image.Image) -> Made:
        converted = image.convert(mode)
        return converted, saved(converted, kind, **options)

    return make


KINDS: dict[str, Callable[[Image.Image], Made]] = {
    **{f"PNG {mode}": _plain("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "PNG P with a transparent colour": _palette_with_a_hole,
    "PNG 16 bit grey": _sixteen_bits,
    "PNG 16 bit RGB": _sixteen_bits_rgb,
    "APNG": _film("PNG"),
    "GIF": _plain("GIF", "P"),
    "GIF animated": _film("GIF"),
    "WEBP": _plain("WEBP", "RGB"),
    "WEBP lossless with alpha": _plain("WEBP", "RGBA", lossless=True, method=0),
    "WEBP animated": _film("WEBP"),
    "AVIF": _plain("AVIF", "RGB", speed=10),
    "JPEG RGB": _plain("JPEG", "RGB"),
    "JPEG grey": _plain("JPEG", "L"),
    "JPEG CMYK (Adobe's, inverted)": _plain("JPEG", "CMYK"),
    "JPEG progressive": _plain("JPEG", "RGB", progressive=True),
    "JPEG without a colour transform": _plain("JPEG", "RGB", keep_rgb=True),
    "BMP": _plain("BMP", "RGB"),
    "BMP palette": _plain("BMP", "P"),
    "TIFF": _plain("TIFF", "RGB"),
    "TIFF CMYK": _plain("TIFF", "CMYK"),
    "TIFF LZW": _plain("TIFF", "RGB", compression="tiff_lzw"),
}


def share_found(files: list[Made]) -> float:
    near = [bits_apart(pdq(decode(file).pixels).hash, reference(image)) <= RADIUS for image, file in files]
    return sum(near) / len(near)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_each_kind_is_found_by_what_it_shows(kind: str) -> None:
    assert share_found([KINDS[kind](image) for image in PICTURES]) >= 0.99


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_file_that_says_how_to_turn_it_is_found_by_what_it_shows_when_turned(kind: str, orientation: int) -> None:
    files = []
    for image in photographs(128)[:4]:
        stored, exif = oriented(image, orientation)
        files.append((image, saved(stored, kind, exif=exif, **({"speed": 10} if kind == "AVIF" else {}))))
    assert share_found(files) == 1
    sizes = [(decode(file).width, decode(file).height) == image.size for image, file in files]
    assert all(sizes)
