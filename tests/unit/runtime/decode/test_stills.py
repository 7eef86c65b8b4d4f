"""Six stills of a film: evenly spread, however long it is, and one sentence where there are none."""

import io
from itertools import pairwise

import pytest
from PIL import Image

from evenhand.runtime.decode import video
from evenhand.runtime.decode.pgm import Picture
from evenhand.runtime.decode.stills import sheet, spread, stills
from tests.support.pictures import picture


def pictures(count):
    return [Picture(2, 1, bytes([number % 256, number // 256])) for number in range(count)]


def numbers(found):
    return [one.levels[0] + 256 * one.levels[1] for one in found]


@pytest.mark.parametrize("count", [0, 1, 6])
def test_a_short_film_shows_all_that_it_has(count):
    assert numbers(spread(iter(pictures(count)))) == list(range(count))


@pytest.mark.parametrize("count", [7, 13, 60, 601, 3600])
def test_a_long_film_shows_six_from_its_beginning_to_near_its_end(count):
    found = numbers(spread(iter(pictures(count))))
    assert len(found) == 6
    assert found[0] == 0
    assert found[-1] >= count * 0.8
    gaps = [after - before for before, after in pairwise(found)]
    assert max(gaps) <= 2 * min(gaps) + 1


def test_the_sheet_is_three_by_two_and_grey():
    found = Image.open(io.BytesIO(sheet([Picture(4, 3, bytes([50] * 12)) for _ in range(6)])))
    assert (found.size, found.mode, found.getpixel((0, 0))) == ((12, 6), "L", 50)


def test_a_picture_is_no_film():
    assert stills(picture("/still.png")) == "It is no film, but PNG."


def test_without_ffmpeg_it_says_so(monkeypatch):
    monkeypatch.setattr(video.shutil, "which", lambda _: None)
    assert "ffmpeg is not installed" in stills(b"\x1a\x45\xdf\xa3\x42\x82\x88matroska" + bytes(64))
