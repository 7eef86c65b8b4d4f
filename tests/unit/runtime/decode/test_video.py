"""Films: a frame a second by ffmpeg, under the same seals; without it they wait, and say what is missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from evenhand.engine.media.limits import Limits
from evenhand.runtime.decode import Hashed, Refused, hash_media

FFMPEG = shutil.which("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed (apt-get install ffmpeg)")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of ffmpeg's own test picture."""
    return made(tmp_path_factory.mktemp("film") / "film.mp4", "testsrc2=size=320x180:rate=5:duration=3")


def made(path: Path, source: str) -> bytes:
    command = [str(FFMPEG), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path.read_bytes()


@needs_ffmpeg
def test_a_film_gives_a_hash_for_each_second_and_those_of_its_bytes(film: bytes) -> None:
    found = hash_media(film, "video", said="video/mp4")
    assert isinstance(found, Hashed), str(found)
    assert [frame.at for frame in found.frames] == [0, 1, 2]
    assert len({frame.pdq for frame in found.frames}) == 3
    assert found.hashes["video_md5"] == found.hashes["md5"]
    assert (found.kind, found.whole, found.notes) == ("mp4", True, ())


@needs_ffmpeg
def test_a_film_longer_than_the_limit_is_seen_up_to_it_and_says_so(film: bytes) -> None:
    found = hash_media(film, limits=Limits(seconds=2))
    assert isinstance(found, Hashed)
    assert (len(found.frames), found.whole) == (2, False)
    assert found.notes == ("Only its first 2 seconds were looked at.",)


@needs_ffmpeg
def test_a_film_that_breaks_off_is_no_pass(film: bytes) -> None:
    found = hash_media(film[: len(film) // 3])
    assert isinstance(found, Refused)
    assert (found.verdict, found.reason[:24]) == ("not decodable", "ffmpeg found it damaged:")


@needs_ffmpeg
@pytest.mark.parametrize("inside", [b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"])
def test_a_playlist_is_no_film(inside: bytes) -> None:
    assert isinstance(hash_media(inside), Refused)
    assert isinstance(hash_media(b"\0\0\0\x14ftypisom\0\0\0\0isom" + inside), Refused)


def test_without_ffmpeg_a_film_waits_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = hash_media(b"\0\0\0\x14ftypisom\0\0\0\0isom")
    assert isinstance(found, Refused)
    assert str(found) == "waiting: ffmpeg is not installed (apt-get install ffmpeg)"
    assert found.hashes["md5"]
