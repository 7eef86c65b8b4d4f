"""PDQ: the 256-bit perceptual hash of an image, the same bits as `pdqhash` 0.2.8 on the same pixels.

Which of 16 × 16 low frequencies are above their median ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm", Facebook 2019). Two hashes of one picture are mostly at most 31 bits apart, those of two pictures about 128.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from evenhand.engine.media.analysis import Analyse, Pixels, best, checked
from evenhand.engine.media.cosines import COSINES
from evenhand.engine.media.tent import SIDE, Floats

BITS = 256
LEAST_SIDE = 5
"""Smaller images have no hash: the reference gives 256 zeros, and quality 0."""
DIHEDRAL = ("as it is", "rotated 90", "rotated 180", "rotated 270", "flip x", "flip y", "flip plus", "flip minus")
"""What `pdq_dihedral` returns, in the order of `pdqhash.compute_dihedral`."""
TRANSPOSED = [False, True, False, True, False, False, True, True]


class Pdq(Struct, frozen=True):
    """`hash`: 32 bytes, the highest frequencies first. `quality`: 0 to 100; below 50 a match says little."""

    hash: bytes
    quality: int

    @property
    def hex(self) -> str:
        """64 digits, as lists and other programs write it."""
        return self.hash.hex()


NOTHING = Pdq(bytes(BITS // 8), 0)


def pdq(image: bytes | Pixels, *, analyse: Analyse | None = None) -> Pdq:
    """The hash of an image file, or of pixels: uint8 [h, w] grey, uint8 [h, w, 3] RGB, or float32 [h, w] luma in 0–255.

    Raises Undecodable for a file, ValueError for an array that is no image.
    """
    return hashed(checked(image), analyse)


def hashed(pixels: Pixels, analyse: Analyse | None = None) -> Pdq:
    """`pdq` of pixels that are known to be an image's."""
    if min(pixels.shape[:2]) < LEAST_SIDE:
        return NOTHING
    found, quality = (analyse or best())(pixels, pixels.shape[:2] != (SIDE, SIDE))
    return Pdq(bits(found[None])[0], quality)


def pdq_dihedral(image: bytes | Pixels, *, analyse: Analyse | None = None) -> tuple[Pdq, ...]:
    """The hashes of the image in all eight positions (see DIHEDRAL), from one look at its pixels.

    The first is `pdq` of the image, save for one of 64 × 64 pixels: as in the reference, that is blurred here.
    Raises as `pdq` does.
    """
    pixels = checked(image)
    if min(pixels.shape[:2]) < LEAST_SIDE:
        return (NOTHING,) * len(DIHEDRAL)
    found, quality = (analyse or best())(pixels, True)
    return tuple(Pdq(each, quality) for each in bits(positions(found)))


def positions(found: Floats) -> Floats:
    """The cosines of the eight positions [8, 16, 16] from those of one: turning an image flips signs and axes."""
    across = np.ones((COSINES, COSINES), np.float32)
    across[:, ::2] = -1
    down, one = across.T, across * across
    both = across * down
    turned = found * np.stack([one, across, both, down, down, across, one, both])
    turned[TRANSPOSED] = turned[TRANSPOSED].transpose(0, 2, 1)
    return turned


def bits(found: Floats) -> list[bytes]:
    """Cosines [n, 16, 16] to n hashes: which are above the lower median, the last of them first."""
    flat = found.reshape(-1, BITS)
    median = np.partition(flat, BITS // 2 - 1, axis=1)[:, BITS // 2 - 1, None]
    return [row.tobytes() for row in np.packbits((flat > median)[:, ::-1], axis=1)]
