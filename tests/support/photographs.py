"""Harmless pictures to hash: photographs without people that scikit-image ships, their pieces, and generated ones."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

Pixels = NDArray[np.uint8]
"""[h, w, 3]"""

PHOTOGRAPHS = (
    "brick", "camera", "cell", "chelsea", "clock", "coffee", "coins", "colorwheel", "grass", "gravel",
    "hubble_deep_field", "immunohistochemistry", "moon", "page", "retina", "rocket", "text",
)  # fmt: skip
WHITE = 255


@cache
def photograph(name: str) -> Pixels:
    """One of PHOTOGRAPHS, or "left" or "right" of a pair, as RGB; transparency over white."""
    if name in {"left", "right"}:
        return np.ascontiguousarray(data.stereo_motorcycle()[name == "right"][:, :, :3])
    return rgb(getattr(data, name)())


def photographs() -> Iterator[Pixels]:
    yield from map(photograph, (*PHOTOGRAPHS, "left", "right"))


def rgb(pixels: NDArray[np.uint8]) -> Pixels:
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], 3, axis=2)
    alpha = pixels[:, :, 3:] / WHITE if pixels.shape[2] == 4 else np.ones((1, 1, 1))
    return np.ascontiguousarray((pixels[:, :, :3] * alpha + WHITE * (1 - alpha)).astype(np.uint8))


def pieces(side: int = 160, each: int = 40) -> Iterator[Pixels]:
    """Squares of the photographs that do not overlap, at most `each` from one."""
    for whole in photographs():
        height, width = whole.shape[:2]
        corners = [(y, x) for y in range(0, height - side + 1, side) for x in range(0, width - side + 1, side)]
        for y, x in corners[:: max(1, len(corners) // each)][:each]:
            yield np.ascontiguousarray(whole[y : y + side, x : x + side])


def generated(seed: int, height: int = 384, width: int = 512) -> Pixels:
    """A scene that is no photograph but has its statistics: clouds of all scales, and some shapes upon them."""
    chance = np.random.default_rng(seed)
    scene = np.zeros((height, width, 3))
    for scale in (3, 6, 12, 24, 48, 96):
        noise = Image.fromarray(chance.integers(0, 256, (scale, scale, 3), dtype=np.uint8))
        scene += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC), float) / scale**0.8
    for _ in range(int(chance.integers(2, 7))):
        y, x = chance.integers(0, height), chance.integers(0, width)
        down, across = chance.integers(height // 12, height // 2), chance.integers(width // 12, width // 2)
        scene[y : y + down, x : x + across] = scene[y : y + down, x : x + across] * 0.4 + chance.uniform(0, 300, 3)
    scene -= scene.min()
    return (scene * (WHITE / scene.max())).astype(np.uint8)
