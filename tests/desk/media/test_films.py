"""A film made of a listed picture is found by its frames, under the rule of films: enough of them have to be near."""

import shutil
import subprocess

import numpy as np
import pytest

from evenhand.desk.media.models import Match
from evenhand.desk.media.queries import matching
from evenhand.desk.media.services.hashing import hash_media
from evenhand.desk.signals import queries as signals
from evenhand.engine.media.hashing import pdq as pdq_of
from evenhand.engine.model import Hash, MediaHashed, Ref
from tests.desk.conftest import event
from tests.desk.media.conftest import flipped, hash_of, hashed, listed, take_in
from tests.desk.media.test_retroscan import scan
from tests.unit.engine.media.photographs import photograph, saved

FFMPEG = shutil.which("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed (apt-get install ffmpeg)")
POST = Ref("post", "1")


def film(near: int, of: int) -> MediaHashed:
    """So many of its frames look like picture a."""
    frames = [flipped(hash_of("a"), n) if n < near else hash_of(f"other {n}") for n in range(of)]
    return hashed("1", Hash("video_md5", "ab" * 16), *(Hash("vpdq", one.hex(), quality=90) for one in frames))


def told() -> list[str]:
    return [one.summary for one in signals.of_items([POST]).get(POST, [])]


def test_it_says_how_many_of_how_many_frames_look_like_the_picture(source, fold):
    take_in(source, listed("a"))
    fold(event(film(4, 5)))
    entry = Match.objects.get().entry_id
    [summary] = told()
    assert summary == (
        f"4 of its 5 frames look like entry {entry} of list example-list (the nearest at distance 0 of 256)"
    )
    [one] = signals.of_items([POST])[POST][0].evidence["matches"]
    assert (one["kind"], one["frames"], one["of_frames"]) == ("pdq", 4, 5)


def test_a_film_of_which_too_few_frames_are_near_is_no_match(source, fold):
    take_in(source, listed("a"))
    fold(event(film(3, 5)))
    assert not Match.objects.exists()


@pytest.mark.parametrize(("near", "matches"), [(4, 1), (3, 0)])
def test_a_film_that_was_seen_before_the_picture_was_listed_is_found_by_the_search(near, matches, source, fold):
    take_in(source, listed("another"))
    fold(event(film(near, 5)))
    take_in(source, listed("a"))
    scan()
    fold()
    assert Match.objects.count() == matches


def test_a_frame_that_a_film_shows_a_thousand_times_is_asked_once(source, monkeypatch):
    take_in(source, listed("a"))
    asked: list[int] = []
    search = matching.known.Known.search_many
    monkeypatch.setattr(
        matching.known.Known, "search_many", lambda self, values: asked.append(len(values)) or search(self, values)
    )
    assert matching.match("vpdq", [hash_of("a")] * 1000)[hash_of("a")]
    assert asked == [1, 1], "once of the films, and once of the pictures"


@needs_ffmpeg
def test_a_still_picture_of_four_seconds_is_found_as_a_film(source, fold, tmp_path):
    still = photograph("chelsea.png", 320)
    (tmp_path / "still.png").write_bytes(saved(still, "PNG"))
    command = [
        str(FFMPEG),
        "-nostdin",
        "-loglevel",
        "error",
        "-loop",
        "1",
        "-i",
        str(tmp_path / "still.png"),
        "-t",
        "4",
    ]
    command += ["-vf", "scale=320:212", "-pix_fmt", "yuv420p", str(tmp_path / "film.mp4")]
    subprocess.run(command, check=True, timeout=60)
    take_in(source, listed("a", pdq=pdq_of(np.asarray(still)).hash))
    found = hash_media((tmp_path / "film.mp4").read_bytes(), "video")
    fold(event(MediaHashed(ref=POST, field="clip", kind="video", hashes=found.hashes, flat=found.flat)))
    assert [summary.partition(" look")[0] for summary in told()] == ["4 of its 4 frames"]
