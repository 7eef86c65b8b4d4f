"""From an opened image to what a person sees of it: turned as it says, in its colours, over white, 8 bits deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from evenhand.engine.media.colours import as_shown
from evenhand.engine.media.limits import Undecodable

Levels = NDArray[np.uint8]
"""[h, w] grey or [h, w, 3] RGB."""

ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_GREY: Final = {"1", "L", "I;16", "I;16B", "I;16L", "I;16N"}
_HAS_ALPHA: Final = {"LA", "La", "RGBA", "RGBa", "PA"}
_COLOUR: Final = {"RGB", "RGBX", "YCbCr", "P"}
_SAMPLE: Final = (64, 64)
_WHITE: Final = (255, 255, 255)
_BLACK: Final = (0, 0, 0)
_OPAQUE: Final = 255
_ENOUGH: Final = 1024
"""Pixels of the shorter side that further queries keep."""
_HIDES: Final = 8.0
"""Mean difference in luma, of 255, from which a transparent picture counts as another one than what is seen."""


class Shown(Struct, frozen=True):
    """`pixels` as displayed. `others`: what the same file shows elsewhere (over black, without its transparency), by
    name, where that is another picture: queries beside the first one, never in its place."""

    pixels: Levels
    others: tuple[tuple[str, Levels], ...] = ()


def shown(image: Image.Image) -> Shown:
    """Decodes the pixels. Raises Undecodable, and whatever Pillow raises for a damaged file."""
    image.load()  # turns a TIFF, and forgets its orientation
    turn = _TURNS.get(_orientation(image))
    if image.mode.startswith("I;16"):
        return Shown(_turned(_high_bytes(image), turn))
    if image.mode in _HAS_ALPHA or "transparency" in image.info:
        return _over_white(image, turn)
    plain = _plain(image)
    seen = as_shown(plain)
    if seen is plain or plain.mode == "CMYK":
        return Shown(_turned(seen, turn))
    return Shown(_turned(seen, turn), (("without its colour profile", _turned(plain, turn)),))


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in {"L", "RGB", "CMYK"}:
        return image  # convert() would copy it
    if image.mode in _GREY:
        return image.convert("L")
    if image.mode in _COLOUR:
        return image.convert("RGB")
    raise Undecodable(f"its pixels are of a kind ({image.mode}) that no viewer shows in one way")


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Levels:
    pixels: Levels = np.asarray(image if turn is None else image.transpose(turn))
    return pixels


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 where it says none, or cannot be read: viewers leave such pictures as they are."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (damaged EXIF brings all kinds of errors out of its parser)
        return 1


def _high_bytes(image: Image.Image) -> Image.Image:
    """The 8 high bits of 16."""
    return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))


def _over_white(image: Image.Image, turn: Image.Transpose | None) -> Shown:
    whole = as_shown(image if image.mode == "RGBA" else image.convert("RGBA"))
    alpha, beneath = whole.getchannel("A"), whole.convert("RGB")
    if alpha.getextrema()[0] == _OPAQUE:
        return Shown(_turned(beneath, turn))
    light = _over(_WHITE, beneath, alpha)
    seen, small = _turned(light, turn), _small(light)
    del light, whole  # a big picture is not in memory more often than it must be
    others = tuple(
        (name, _turned(_reduced(other), turn))
        for name, other in _elsewhere(beneath, alpha)
        if float(np.abs(_small(other) - small).mean()) > _HIDES
    )
    return Shown(seen, others)


def _elsewhere(beneath: Image.Image, alpha: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    yield "over black", _over(_BLACK, beneath, alpha)
    yield "without its transparency", beneath


def _over(colour: tuple[int, int, int], image: Image.Image, alpha: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, colour)
    ground.paste(image, mask=alpha)
    return ground


def _reduced(image: Image.Image) -> Image.Image:
    factor = min(image.size) // _ENOUGH
    return image.reduce(factor) if factor > 1 else image


def _small(image: Image.Image) -> Any:
    return np.asarray(image.resize(_SAMPLE, Image.Resampling.BOX).convert("L"), np.float32)
