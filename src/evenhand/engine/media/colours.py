"""The colours that a screen shows for an image's numbers: its colour profile or gamma, where they change the picture.

Hashes on lists were made from the numbers as they stand, and a photograph's profile moves them little. But a profile
may also swap or invert all colours: the numbers are one picture then, and the screen shows another.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, Final

import numpy as np
from PIL import Image, ImageCms

MOST_LEVELS: Final = 16.0
"""A profile that moves the luma of evenly spread colours by less, of 255 on average, is left alone: Display P3 moves
it by 4, Adobe RGB by 7."""
_STEPS: Final = 6
_GAMMA: Final = 2.2
_NEAR: Final = 0.1


def as_shown(image: Image.Image) -> Image.Image:
    """`image` (L, RGB, RGBA or CMYK) with its profile or gamma applied, where they change what is seen.

    CMYK comes back as RGB, the others in their mode. A profile that cannot be read is ignored, as viewers do.
    """
    profile, gamma = image.info.get("icc_profile"), image.info.get("gamma")
    if profile and (changing := _transform(bytes(profile), image.mode)):
        return _transformed(image, changing)
    if gamma and not profile and "srgb" not in image.info and abs(gamma * _GAMMA - 1) > _NEAR:
        return _brightened(image, 1 / (gamma * _GAMMA))
    return image.convert("RGB") if image.mode == "CMYK" else image


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    plain = "RGB" if mode == "RGBA" else mode
    to = "RGB" if plain == "CMYK" else plain
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        if plain == "L":
            # a grey profile leads to grey through the screen's red, green and blue
            transform = ImageCms.buildTransform(given, screen, "L", "RGB")
        else:
            transform = ImageCms.buildTransform(given, screen, plain, to)
        return transform if _moved(transform, plain) > MOST_LEVELS else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _moved(transform: ImageCms.ImageCmsTransform, mode: str) -> float:
    bands = len(Image.new(mode, (1, 1)).getbands())
    level = np.linspace(0, 255, _STEPS).astype(np.uint8)
    cube = np.stack(np.meshgrid(*[level] * bands), axis=-1).reshape(1, -1, bands)
    colours = Image.fromarray(cube[..., 0] if bands == 1 else cube, mode)
    return float(np.abs(_luma(transform.apply(colours)) - _luma(colours)).mean())


def _luma(image: Image.Image) -> Any:
    return np.asarray(image.convert("RGB").convert("L"), np.float32)


def _transformed(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    if image.mode != "RGBA":
        return transform.apply(image).convert("RGB" if image.mode == "CMYK" else image.mode)
    shown = transform.apply(image.convert("RGB"))
    shown.putalpha(image.getchannel("A"))
    return shown


def _brightened(image: Image.Image, power: float) -> Image.Image:
    table = [round(255 * (level / 255) ** power) for level in range(256)]
    bands = image.getbands()
    return image.point([entry for band in bands for entry in (range(256) if band == "A" else table)])
