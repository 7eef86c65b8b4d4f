"""PDQ: the same bits and the same quality as `pdqhash`, in C and in numpy, in all eight positions."""

from itertools import islice

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageFilter

from evenhand.engine import media
from evenhand.engine.media import analysis, tent
from evenhand.engine.media.hashing import DIHEDRAL
from tests.support.photographs import generated, photographs, pieces, rgb

SIDES = (5, 6, 63, 64, 65, 127, 128, 129, 257, 300)


def _kernels():
    yield pytest.param(analysis.in_numpy, id="numpy")
    try:
        yield pytest.param(analysis.in_c(), id="C")
    except ImportError:
        yield pytest.param(None, id="C", marks=pytest.mark.skip(reason="the extension was not built: no C compiler"))


kernels = pytest.mark.parametrize("analyse", list(_kernels()))


def reference(pixels):
    bits, quality = pdqhash.compute(pixels)
    return media.Pdq(np.packbits(bits).tobytes(), quality)


def reference_dihedral(pixels):
    found, quality = pdqhash.compute_dihedral(pixels)
    return tuple(media.Pdq(np.packbits(bits).tobytes(), quality) for bits in found)


def edits(pixels):
    image = Image.fromarray(pixels)
    width, height = image.size
    yield image.crop((width // 7, height // 9, width, height - 3))
    yield image.resize((width * 2 // 3 + 1, height // 2 + 3))
    yield image.rotate(7, expand=True)
    yield image.filter(ImageFilter.GaussianBlur(3))
    yield image.point(lambda level: level // 64 * 64)


def hundreds():
    """Photographs, their edits and pieces, and generated scenes: more than 300."""
    for whole in photographs():
        yield whole
        yield from (rgb(np.asarray(edit)) for edit in edits(whole[:420, :420]))
    yield from pieces()
    yield from (generated(seed, 90 + seed, 200) for seed in range(20))


def sized(chance, height, width):
    """Noise, one colour, and ramps."""
    down, across = np.mgrid[:height, :width]
    yield chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
    yield np.full((height, width, 3), chance.integers(0, 256, 3), np.uint8)
    yield np.stack([down * 255 // height, across * 255 // width, (down + across) % 256], -1).astype(np.uint8)


def test_more_than_300_pictures_have_the_reference_s_bits_and_quality():
    seen = 0
    for pixels in hundreds():
        assert media.pdq(pixels) == reference(pixels)
        seen += 1
    assert seen >= 300


@kernels
def test_each_kernel_has_the_reference_s_bits_in_all_positions(analyse):
    for pixels in islice(hundreds(), 120, None, 9):
        assert media.pdq(pixels, analyse=analyse) == reference(pixels)
        assert media.pdq_dihedral(pixels, analyse=analyse) == reference_dihedral(pixels)


@kernels
@pytest.mark.parametrize("height", SIDES)
def test_every_size_and_shape_has_the_reference_s_bits_flat_ones_too(height, analyse):
    for width in SIDES:
        for pixels in sized(np.random.default_rng(height), height, width):
            assert media.pdq(pixels, analyse=analyse) == reference(pixels)
            assert media.pdq_dihedral(pixels, analyse=analyse) == reference_dihedral(pixels)


@kernels
@settings(deadline=None, max_examples=60)
@given(pixels=arrays.arrays(np.uint8, st.tuples(st.integers(5, 40), st.integers(5, 200), st.just(3))))
def test_whatever_the_pixels_are_the_bits_are_the_reference_s(pixels, analyse):
    assert media.pdq(pixels, analyse=analyse) == reference(pixels)


@kernels
def test_grey_float_and_rgb_of_one_picture_are_hashed_alike(analyse):
    grey = np.ascontiguousarray(generated(5)[:, :, 1])
    same = media.pdq(np.repeat(grey[:, :, None], 3, axis=2), analyse=analyse)
    assert media.pdq(grey, analyse=analyse) == same
    assert media.pdq(grey.astype(np.float32), analyse=analyse) == same


@pytest.mark.parametrize("shape", [(1, 1, 3), (4, 300, 3), (300, 4, 3)])
def test_what_is_smaller_than_five_pixels_has_no_hash(shape):
    nothing = media.Pdq(bytes(32), 0)
    assert media.pdq(np.full(shape, 200, np.uint8)) == nothing
    assert media.pdq_dihedral(np.full(shape, 200, np.uint8)) == (nothing,) * len(DIHEDRAL)


def test_what_is_no_image_is_refused_with_what_would_be():
    with pytest.raises(ValueError, match=r"an array of shape \(0, 0\) has no pixels"):
        media.pdq(np.zeros((0, 0), np.uint8))
    with pytest.raises(ValueError, match=r"No image: a str; give a file's bytes.*pdq\(open\('a.jpg', 'rb'\)"):
        media.pdq("a.jpg")


def test_one_colour_has_quality_0():
    assert media.pdq(np.full((200, 300, 3), 90, np.uint8)).quality == 0


def test_pixels_need_not_lie_together_in_memory():
    wide = generated(3)
    assert media.pdq(wide[::2, ::-1]) == reference(np.ascontiguousarray(wide[::2, ::-1]))


@pytest.mark.parametrize(
    "no_image",
    [
        np.zeros((40, 40, 4), np.uint8),
        np.zeros(40, np.uint8),
        np.zeros((40, 40), np.int64),
        np.full((40, 40), 256, np.float32),
        np.full((40, 40), np.nan, np.float32),
    ],
)
def test_an_array_that_is_no_image_is_refused(no_image):
    with pytest.raises(ValueError, match="No image"):
        media.pdq(no_image)


def test_one_rounded_division_gives_the_reference_s_luma():
    levels = np.arange(256, dtype=np.uint8)
    for blue in levels[::5]:
        pixels = np.stack(np.broadcast_arrays(levels[:, None], levels[None], blue), -1)
        wanted = (pixels[:, :, 0] * 0.299 + pixels[:, :, 1] * 0.587 + pixels[:, :, 2] * 0.114).astype(np.float32)
        assert np.array_equal(tent.luma(pixels), wanted)


def test_a_hash_is_32_bytes_and_written_in_64_digits():
    found = media.pdq(generated(1))
    assert len(found.hash) == 32
    assert bytes.fromhex(found.hex) == found.hash
