"""What a file shows elsewhere (turned, trimmed, over black, without its transparency, in a later frame) is matched by
its own quality, whatever the file shows first: at once, and by a search of what was seen."""

import io

import numpy as np
import pytest
from PIL import Image

from evenhand.desk.media.models import Match, Seen
from evenhand.desk.media.services.hashing import Hashed, hash_media
from evenhand.engine.detect.knownmedia import GOOD
from evenhand.engine.media.hashing import pdq
from evenhand.engine.model import MediaHashed, Ref
from tests.desk.conftest import event
from tests.desk.media.conftest import listed, take_in
from tests.desk.media.test_retroscan import scan
from tests.unit.engine.media.photographs import photograph, saved

BASE = photograph("chelsea.png", 256)
LUMA = BASE.convert("L")
WHITE = Image.new("L", BASE.size, 255)


def alpha(level: int) -> Image.Image:
    return Image.new("L", BASE.size, level)


def bordered() -> Image.Image:
    ground = Image.new("RGB", (BASE.width + 200, BASE.height + 200), (255, 255, 255))
    ground.paste(BASE, (100, 100))
    return ground


def moving(*frames: Image.Image) -> bytes:
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=500, lossless=True, exact=True)
    return file.getvalue()


HIDDEN = Image.merge("RGBA", (WHITE, WHITE, WHITE, LUMA))
LOOKS = {
    "white on transparent, RGBA": lambda: saved(HIDDEN, "PNG"),
    "white on transparent, LA": lambda: saved(Image.merge("LA", (WHITE, LUMA)), "PNG"),
    "white on transparent, WEBP": lambda: saved(HIDDEN, "WEBP", lossless=True, exact=True),
    "nearly transparent": lambda: saved(Image.merge("RGBA", (*BASE.split(), alpha(3))), "PNG"),
    "wholly transparent": lambda: saved(Image.merge("RGBA", (*BASE.split(), alpha(0))), "PNG"),
    "hidden in a later frame": lambda: moving(Image.new("RGBA", BASE.size, (255, 255, 255, 255)), HIDDEN),
    "mirrored": lambda: saved(BASE.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "PNG"),
    "turned": lambda: saved(BASE.transpose(Image.Transpose.ROTATE_90), "PNG"),
    "inverted": lambda: saved(Image.eval(BASE, lambda level: 255 - level), "PNG"),
    "bordered": lambda: saved(bordered(), "PNG"),
}


def told(file: bytes) -> Hashed:
    return hash_media(file, "image")


def seen_as(file: bytes) -> MediaHashed:
    found = told(file)
    return MediaHashed(
        ref=Ref("post", "1"), field="image", url="https://m.example/1", hashes=found.hashes, flat=found.flat
    )


def own_hash() -> bytes:
    return pdq(np.asarray(BASE)).hash


@pytest.mark.parametrize("look", LOOKS)
def test_a_listed_picture_is_found_at_once_however_the_file_shows_it(look, source, fold):
    take_in(source, listed("a", pdq=own_hash()))
    fold(event(seen_as(LOOKS[look]())))
    assert Match.objects.get().distance <= 31


@pytest.mark.parametrize("look", LOOKS)
def test_and_by_a_search_of_what_was_seen_before_its_entry_came(look, source, fold):
    take_in(source, listed("another"))
    fold(event(seen_as(LOOKS[look]())))
    assert "pdq" in set(Seen.objects.values_list("kind", flat=True))
    take_in(source, listed("a", pdq=own_hash()))
    scan()
    fold()
    assert Match.objects.get().item_id == "1"


def test_each_look_has_the_quality_of_its_own_pixels():
    found = told(saved(HIDDEN, "PNG"))
    qualities = {one.variant: one.quality for one in found.hashes if one.kind == "pdq"}
    assert qualities[""] < GOOD <= qualities["over black"]


def test_a_look_with_nothing_in_it_says_nothing_though_the_file_shows_a_photograph_first():
    over_white = saved(Image.merge("RGBA", (*(Image.new("L", BASE.size, 0),) * 3, LUMA)), "PNG")
    qualities = {one.variant: one.quality for one in told(over_white).hashes if one.kind == "pdq"}
    assert qualities["over black"] < GOOD <= qualities[""]


def test_a_blank_page_that_shows_a_photograph_over_black_is_not_flat_and_one_that_shows_text_is():
    page = Image.new("L", BASE.size, 0)
    page.paste(255, (40, 100, 200, 130))
    assert not told(saved(HIDDEN, "PNG")).flat
    assert told(saved(Image.merge("LA", (WHITE, page)), "PNG")).flat
