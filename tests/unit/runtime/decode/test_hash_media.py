"""Strangers' files through the sandbox: hashes, or one sentence why not; the desk goes on whatever they are."""

import hashlib
import io
import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from evenhand.engine.media.hashing import pdq
from evenhand.engine.media.limits import Limits
from evenhand.engine.media.pixels import decode
from evenhand.runtime.decode import Hashed, Refused, hash_media, missing_seals
from evenhand.runtime.decode.pool import Pool
from tests.unit.engine.media.photographs import photograph, saved
from tests.unit.runtime.decode.files import archive, deep_tiff, film_of, picture, png


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def hashed(file: bytes, pool: Pool, **options: object) -> Hashed:
    found = hash_media(file, pool=pool, **options)
    assert isinstance(found, Hashed), str(found)
    return found


def scene() -> bytes:
    return saved(photograph("chelsea.png", 200), "JPEG")


def refused(file: bytes, pool: Pool, **options: object) -> Refused:
    found = hash_media(file, pool=pool, **options)
    assert isinstance(found, Refused)
    assert found.verdict == "not decodable"
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_a_picture_of_each_kind_gets_the_hash_that_it_gets_outside_the_sandbox(kind: str, pool: Pool) -> None:
    file = picture(kind)
    found = hashed(file, pool)
    assert found.hashes["pdq"] == pdq(decode(file).pixels).hex
    assert (found.kind, found.width, found.height, found.whole) == (kind.lower(), 64, 64, True)
    assert found.hashes["md5"] == hashlib.md5(file).hexdigest()
    assert found.hashes["sha1"] == hashlib.sha1(file).hexdigest()
    assert found.hashes["sha256"] == hashlib.sha256(file).hexdigest()


def test_the_turned_forms_come_as_further_queries(pool: Pool) -> None:
    names = [other.name for other in hashed(scene(), pool).others]
    assert names[:7] == ["rotated 90", "rotated 180", "rotated 270", "flip x", "flip y", "flip plus", "flip minus"]


def test_without_further_queries_there_is_the_own_hash_alone(pool: Pool) -> None:
    alone = hashed(scene(), pool, queries=False)
    assert (alone.others, alone.hashes) == ((), hashed(scene(), pool).hashes)


def test_what_a_bank_keeps_of_a_picture_comes_where_it_is_asked_for(pool: Pool) -> None:
    assert hashed(scene(), pool).kept == ()
    assert "4% cropped around" in [other.name for other in hashed(scene(), pool, keep=True).kept]


def test_a_picture_that_is_mostly_one_colour_is_flat(pool: Pool) -> None:
    sheet = Image.new("L", (400, 400), 250)
    sheet.paste(0, (40, 40, 200, 60))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    assert hashed(file.getvalue(), pool).flat
    assert not hashed(scene(), pool).flat


def test_every_seal_holds_here_or_is_named(pool: Pool) -> None:
    hashed(picture(), pool)
    assert pool.seals is not None
    assert set(pool.seals) >= {"limits", "no new privileges"}
    assert missing_seals() is None or isinstance(missing_seals(), tuple)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "the file is empty"),
        (b"plain words", "no picture or video"),
        (b"<svg onload=alert(1)>", "SVG is a program"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC is not decoded here"),
        (picture()[:700], "truncated JPEG: it ends after 700 bytes"),
        (picture("PNG")[:900], "truncated PNG: it ends after 900 bytes"),
        (picture("GIF")[:900], "truncated GIF: it ends after 900 bytes"),
        (picture("WEBP")[:25], "truncated WEBP: it ends after 25 bytes"),
        (picture("WEBP")[:60], "truncated WEBP: it ends after 60 bytes"),
        (picture("AVIF")[:300], "AVIF"),
        (picture("TIFF")[:-3000], "TIFF"),
        (png(30_000, 30_000, zlib.compress(bytes(9_000))), "30,000 × 30,000 pixels are more than the 50 million"),
        (png(64, 64, b"no deflate"), "damaged PNG"),
    ],
)
def test_what_cannot_be_decoded_says_precisely_why_and_has_the_hashes_of_its_bytes(
    file: bytes, why: str, pool: Pool
) -> None:
    found = refused(file, pool)
    assert why in str(found)
    assert found.hashes["sha256"] == hashlib.sha256(file).hexdigest()


def test_a_file_larger_than_the_limit_is_not_looked_at(pool: Pool) -> None:
    assert "more than the 100 that are looked at" in refused(picture(), pool, limits=Limits(bytes=100)).reason


def test_a_picture_that_unpacks_to_more_than_it_says_ends_as_it_says(pool: Pool) -> None:
    rows = b"".join(b"\0" + bytes(range(64)) for _ in range(64))
    found = hashed(png(64, 64, zlib.compress(rows + bytes(50_000_000))), pool)
    assert (found.width, found.height) == (64, 64)


def test_a_film_of_ten_thousand_frames_is_seen_up_to_the_limit_and_says_so(pool: Pool) -> None:
    found = hashed(film_of(10_000), pool)
    assert not found.whole
    assert "Only its first 300 frames were looked at." in found.notes


def test_a_tiff_of_thousands_of_pages_is_seen_up_to_the_limit(pool: Pool) -> None:
    found = hash_media(deep_tiff(5_000), pool=pool)
    assert isinstance(found, Refused) or not found.whole


def test_a_picture_hidden_in_a_later_frame_is_hashed(pool: Pool) -> None:
    hidden = Image.open(io.BytesIO(picture())).convert("L")
    file = io.BytesIO()
    Image.new("L", hidden.size, 255).save(file, "GIF", save_all=True, append_images=[hidden], duration=500)
    frames = hashed(file.getvalue(), pool).frames
    assert [frame.at for frame in frames] == [0.5]


def test_a_picture_that_is_also_an_archive_is_decoded_as_a_picture_and_says_so(pool: Pool) -> None:
    alone, both = hashed(picture(), pool), hashed(picture() + archive(), pool)
    assert alone.hashes["pdq"] == both.hashes["pdq"]
    assert both.notes == ("The file is also a ZIP; it was decoded as JPEG, which its first bytes say.",)


def test_a_picture_that_is_also_a_page_says_so(pool: Pool) -> None:
    assert any("also HTML" in note for note in hashed(picture("GIF") + b"<script>alert(1)</script>", pool).notes)


@pytest.mark.parametrize("said", ["photo.jpg", "image/jpeg", "image/jpeg; charset=x"])
def test_a_file_that_is_called_what_it_is_not_is_decoded_as_what_it_is_and_says_so(said: str, pool: Pool) -> None:
    found = hashed(picture("PNG"), pool, said=said)
    assert found.kind == "png"
    assert any("and is PNG." in note for note in found.notes)


def test_a_child_that_is_killed_costs_one_answer_and_the_next_file_is_decoded() -> None:
    pool = Pool(1)
    hashed(picture(), pool)
    child = pool._idle[0]
    os.kill(child.pid, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL)).start()
    assert "ended by the machine" in refused(picture(), pool).reason
    assert hashed(picture(), pool).hashes["pdq"]
    pool.close()


def test_a_file_that_takes_too_long_is_ended_by_its_processor_time() -> None:
    pool = Pool(1)
    begun = time.monotonic()
    seen = pool.ask(film_of(250, "PNG"), seconds=0.001)
    assert "processor time" in getattr(seen, "reason", "")
    assert time.monotonic() - begun < 20
    pool.close()


def test_children_are_replaced_after_so_many_files() -> None:
    pool = Pool(1, files=2)
    pids = []
    for _ in range(4):
        hashed(picture(), pool)
        pids += [child.pid for child in pool._idle]
    assert len(set(pids)) == 2
    pool.close()


def test_where_no_child_starts_the_file_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    found = hash_media(picture(), pool=Pool(1))
    assert isinstance(found, Refused)
    assert (found.verdict, "does not start" in found.reason) == ("waiting", True)
    assert found.hashes["md5"]
