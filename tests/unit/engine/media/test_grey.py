"""Luma by blocks: C and numpy agree, whichever way the pixels lie in memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evenhand.engine.media import grey, tent
from evenhand.engine.media.hashing import pdq
from tests.support.photographs import photograph

VIEWS = {
    "as it is": lambda pixels: pixels,
    "upside down": lambda pixels: pixels[::-1],
    "mirrored": lambda pixels: pixels[:, ::-1],
    "transposed": lambda pixels: pixels.swapaxes(0, 1),
    "turned": np.rot90,
    "a piece": lambda pixels: pixels[3:-4, 5:-2],
    "every third": lambda pixels: pixels[1::3, 2::3],
}
PIXELS = st.one_of(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 90), st.just(3))),
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 90))),
    arrays.arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 90)), elements=st.floats(0, 255, width=32)),
)


@settings(deadline=None, max_examples=150)
@given(pixels=PIXELS, view=st.sampled_from(list(VIEWS)), share=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_c_and_numpy_see_the_same_means_and_extremes(pixels, view, share):
    seen = VIEWS[view](pixels)
    if not seen.size:
        return
    block = min(share[0], seen.shape[0]), min(share[1], seen.shape[1])
    assert np.array_equal(grey.means(seen, block), grey.means_in_numpy(seen, block))
    for ours, theirs in zip(grey.extremes(seen, block), grey.extremes_in_numpy(seen, block), strict=True):
        assert np.array_equal(ours, theirs)


def test_blocks_of_one_pixel_are_the_luma():
    assert np.array_equal(grey.means(photograph("chelsea")), tent.luma(photograph("chelsea")))


def test_a_mean_is_that_of_whole_blocks_and_the_rest_is_left_out():
    pixels = np.arange(30, dtype=np.uint8).reshape(5, 6)
    assert grey.means(pixels, (2, 4)).tolist() == [[4.5], [16.5]]


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("kind", ["RGB", "grey", "float"])
def test_a_view_is_hashed_as_its_copy(view, kind):
    whole = photograph("coins")
    pixels = VIEWS[view]({"RGB": whole, "grey": whole[:, :, 1], "float": tent.luma(whole)}[kind])
    assert pdq(pixels) == pdq(np.ascontiguousarray(pixels))


def test_c_refuses_what_is_no_picture_and_a_buffer_of_another_size():
    native = pytest.importorskip("evenhand.engine.media._native")
    out = np.empty((2, 2), np.float32)
    for wrong in (np.zeros((4, 4), np.int16), np.zeros((4, 4, 4), np.uint8), np.zeros(16, np.uint8)):
        with pytest.raises(ValueError, match="pixels are"):
            native.block_means(wrong, 2, 2, out)
    for size, block in (((6, 4), (2, 2)), ((4, 4), (0, 2)), ((4, 4), (5, 2)), ((0, 4), (1, 2))):
        with pytest.raises(ValueError, match="size"):
            native.block_means(np.zeros(size, np.uint8), *block, out)
        with pytest.raises(ValueError, match="size"):
            native.block_extremes(np.zeros(size, np.uint8), *block, out, out)
