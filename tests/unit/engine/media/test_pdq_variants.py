"""Variants of an image: what a changed copy is found by, and that nothing takes the place of the image's own hash."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from evenhand.engine.media import tent
from evenhand.engine.media.flatness import FLAT_RADIUS, flatness
from evenhand.engine.media.hashing import DIHEDRAL, pdq, pdq_dihedral
from evenhand.engine.media.registry import hamming
from evenhand.engine.media.trimming import without_borders, without_chrome
from evenhand.engine.media.variants import kept, queries
from tests.support.photographs import generated, photograph
from tests.support.screens import meme, post, screenshot

RADIUS = 31
BIG_BITS = 18
"""By which the further queries of an image move at most whose sides have more than 2047 pixels."""
BUSY = ("brick", "chelsea", "coffee", "grass", "gravel", "coins")


def nearest(questions, answers):
    return min(hamming(one.pdq.hash, other.pdq.hash) for one in questions for other in answers)


def framed(pixels, down, across, level):
    return np.pad(pixels, ((down, down), (across, across), (0, 0)), constant_values=level)


def test_the_first_query_is_the_image_s_own_hash_and_no_hash_is_asked_twice():
    for pixels in map(photograph, (*BUSY, "moon", "colorwheel", "page")):
        found = queries(pixels)
        assert found[0].pdq == pdq(pixels)
        assert len({each.pdq.hash for each in found}) == len(found) <= 28
        assert len({each.name for each in found}) == len(found)


@pytest.mark.parametrize("name", ["brick", "coins"])
@pytest.mark.parametrize("turn", list(Image.Transpose))
def test_a_turned_or_mirrored_copy_is_asked_for_as_the_original_lay(name, turn):
    turned = np.asarray(Image.fromarray(photograph(name)).transpose(turn))
    assert hamming(pdq(turned).hash, pdq(photograph(name)).hash) > RADIUS
    assert pdq(photograph(name)).hash in {each.pdq.hash for each in queries(turned)}


@pytest.mark.parametrize(("size", "bits"), [((1400, 1100), 0), ((2300, 2100), BIG_BITS)])
def test_the_turned_queries_of_a_big_image_are_as_near_to_its_turned_pixels_as_is_said(size, bits):
    for name in ("coffee", "brick"):
        big = np.asarray(Image.fromarray(photograph(name)).resize(size, Image.Resampling.BICUBIC))
        found = {each.name: each.pdq.hash for each in queries(big)}
        assert hamming(found["rotated 90"], pdq(np.rot90(big)).hash) <= bits
        assert hamming(found["flip y"], pdq(big[:, ::-1]).hash) <= bits


@pytest.mark.parametrize("size", [(1400, 1100), (2300, 2100)])
def test_a_big_image_is_found_in_its_frame_and_in_its_screenshot(size):
    for name in ("chelsea", "coins"):
        big = np.asarray(Image.fromarray(photograph(name)).resize(size, Image.Resampling.BICUBIC))
        for changed in (framed(big, 203, 155, 255), framed(big, 0, 301, 0), screenshot(big)):
            assert nearest(queries(changed)[1:], queries(big)[:1]) <= BIG_BITS


def test_queries_and_turned_cosines_agree_on_the_names_of_positions():
    cheap = dict(zip(DIHEDRAL, pdq_dihedral(photograph("coffee")), strict=True))
    dear = {each.name: each.pdq for each in queries(photograph("coffee"))}
    assert all(hamming(cheap[name].hash, dear[name].hash) <= RADIUS for name in DIHEDRAL)


@pytest.mark.parametrize("name", BUSY)
@pytest.mark.parametrize(("down", "across", "level"), [(40, 40, 255), (60, 0, 0), (0, 50, 0), (9, 9, 255)])
def test_a_border_is_taken_off_to_the_pixel(name, down, across, level):
    height, width = photograph(name).shape[:2]
    bordered = framed(photograph(name), down, across, level)
    assert without_borders(tent.luma(bordered)) == (down, down + height, across, across + width)
    assert pdq(photograph(name)).hash in {each.pdq.hash for each in queries(bordered)}


@pytest.mark.parametrize("name", BUSY)
def test_a_picture_is_found_in_its_screenshot(name):
    assert nearest(queries(screenshot(photograph(name))), [queries(photograph(name))[0]]) <= RADIUS


def test_inverted_colours_are_found():
    assert nearest(queries(255 - generated(4)), [queries(generated(4))[0]]) <= RADIUS


@pytest.mark.parametrize("find", [without_borders, without_chrome])
@pytest.mark.parametrize("size", [(5, 5), (40, 700), (300, 300)])
def test_one_colour_has_nothing_to_trim(find, size):
    assert find(np.full(size, 77, np.float32)) is None


@pytest.mark.parametrize("name", BUSY)
def test_crops_and_small_turns_are_found_by_what_is_kept(name):
    whole = photograph(name)
    height, width = whole.shape[:2]
    crop = whole[height // 25 : height - height // 25, width // 25 : width - width // 25]
    edge = whole[height // 16 :]
    turned = np.asarray(Image.fromarray(whole).rotate(2, Image.Resampling.BILINEAR))
    for copy in (crop, edge, turned):
        assert nearest(queries(copy)[:1], kept(whole)) <= RADIUS


def test_what_is_kept_is_the_hash_and_22_variants():
    found = kept(generated(2))
    assert found[0].pdq == pdq(generated(2))
    assert len(found) == 23


@pytest.mark.parametrize("make", [queries, kept])
@pytest.mark.parametrize("side", [1, 4, 5, 9, 12])
def test_tiny_images_have_variants_too(make, side):
    assert make(np.full((side, side, 3), 9, np.uint8))


@pytest.mark.parametrize("dark", [False, True])
def test_screenshots_of_posts_and_memes_are_told_to_be_flat(dark):
    for seed in range(20):
        assert flatness(tent.luma(post(seed, dark=dark))).is_flat
        assert flatness(tent.luma(meme(photograph("chelsea"), seed))).is_flat


def test_photographs_are_not_flat_though_a_page_of_print_is():
    flat = [name for name in ("page", *BUSY, "rocket", "retina") if flatness(tent.luma(photograph(name))).is_flat]
    assert flat == ["page"]
    assert not any(flatness(tent.luma(generated(seed))).is_flat for seed in range(20))


def test_posts_that_say_different_things_are_apart_at_the_radius_for_flat_images():
    found = [pdq(post(seed)).hash for seed in range(60)]
    apart = [hamming(one, other) for at, one in enumerate(found) for other in found[:at]]
    assert min(apart) > FLAT_RADIUS


def test_hashing_pixels_imports_neither_numba_nor_a_decoder():
    code = (
        "import sys, numpy; from evenhand.engine import media; media.pdq(numpy.zeros((9, 9, 3), numpy.uint8));"
        "print([name for name in ('numba', 'PIL', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
