"""A film's frames, one a second, decoded by the ffmpeg program under the same seals, and hashed by a decoder child.

The file stays in memory (a memfd): nothing of it is written anywhere. Its first video track is looked at, as players
do; a film is matched by its frames.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import IO, Final

from evenhand.engine.media.kinds import Kind
from evenhand.engine.media.limits import Limits
from evenhand.runtime.decode.pgm import Picture, read
from evenhand.runtime.decode.pool import Pool
from evenhand.runtime.decode.process import NoDecoder
from evenhand.runtime.decode.values import Frame, Seen, Unseen
from evenhand.runtime.decode.wire import Ended, Late, Wire

SECONDS: Final = 120.0
"""Of processor time for a film, and three times as long by the clock."""
SIDE: Final = 512
_LONGEST: Final = 65_536
MISSING: Final = "ffmpeg is not installed (apt-get install ffmpeg)"
_START: Final = (
    "import sys; sys.path[:] = sys.argv[3].split('\\n'); from evenhand.runtime.decode.program import main; main()"
)
_DEMUXERS: Final = {
    "mp4": "mov", "matroska": "matroska", "avi": "avi", "flv": "flv", "ogg": "ogg", "mpeg": "mpeg", "mpegts": "mpegts",
}  # fmt: skip


def look(data: bytes, kind: Kind, limits: Limits, pool: Pool) -> Seen | Unseen:
    """Raises NoDecoder: ffmpeg is not there, or no child can be started."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise NoDecoder(MISSING)
    until = time.monotonic() + 3 * SECONDS
    frames: list[Frame] = []
    flat = 0
    size, whole = (0, 0), True
    with _running(program, data, kind, limits) as (process, heard):
        assert process.stdout is not None
        for second, picture in enumerate(_pictures(process.stdout, until)):
            if second >= limits.seconds:
                whole = False
                break
            size = picture.width, picture.height
            seen = pool.ask(picture.levels, limits=limits, grey=size)
            if isinstance(seen, Unseen):
                return seen
            frames.append(Frame(float(second), seen.pdq, seen.quality))
            flat += seen.flat
        why = "" if not whole else _why_ended(process, heard, until)
    if not frames:
        return Unseen(why or f"no frame of this {kind.name.upper()} can be decoded")
    cut = [] if whole else [f"only its first {limits.seconds:,} seconds were looked at"]
    return Seen(
        kind=kind.name,
        width=size[0],
        height=size[1],
        pdq=frames[0].pdq,
        quality=max(frame.quality for frame in frames),
        flat=2 * flat > len(frames),
        frames=tuple(frames),
        whole=whole and not why,
        notes=(*cut, *([why] if why else [])),
    )


Pictures = Iterator[Picture]


def frames(data: bytes, kind: Kind, limits: Limits, *, until: float) -> Pictures:
    """One picture a second, at most 512 pixels wide and high, as long as `until` (of `time.monotonic()`) has not come.

    Raises NoDecoder: ffmpeg is not there.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise NoDecoder(MISSING)
    with _running(program, data, kind, limits) as (process, _):
        assert process.stdout is not None
        yield from islice(_pictures(process.stdout, until), limits.seconds)


@contextmanager
def _running(program: str, data: bytes, kind: Kind, limits: Limits) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    file, (heard, saying) = os.memfd_create("film"), os.pipe()
    os.set_blocking(saying, False)  # what it has too much to say is lost
    os.set_blocking(heard, False)
    try:
        with os.fdopen(os.dup(file), "wb") as writing:
            writing.write(data)
        command = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            _START,
            str(file),
            str(int(SECONDS)),
            "\n".join(filter(None, sys.path)),
        ]
        process = subprocess.Popen(  # noqa: S603 (our own command)
            [*command, program, *_options(file, kind, limits)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=saying, env={"LC_ALL": "C.UTF-8"},
            cwd="/", pass_fds=[file], bufsize=0,
        )  # fmt: skip
    except OSError as error:
        os.close(heard)
        raise NoDecoder(f"ffmpeg does not start: {error}") from error
    finally:
        os.close(file)
        os.close(saying)
    try:
        yield process, heard
    finally:
        process.kill()
        process.wait()
        os.close(heard)
        if process.stdout is not None:
            process.stdout.close()


def _options(file: int, kind: Kind, limits: Limits) -> list[str]:
    scale = f"fps=1,scale='min({SIDE},iw)':'min({SIDE},ih)':force_original_aspect_ratio=decrease"
    return [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-filter_threads", "1",
        "-protocol_whitelist", "file,pipe", "-f", _DEMUXERS[kind.name], "-max_pixels", str(limits.pixels),
        "-i", f"file:/proc/self/fd/{file}", "-map", "0:V:0", "-an", "-sn", "-dn", "-vf", scale,
        "-frames:v", str(limits.seconds + 1), "-f", "image2pipe", "-c:v", "pgm", "-pix_fmt", "gray", "pipe:1",
    ]  # fmt: skip


def _pictures(pipe: IO[bytes], until: float) -> Iterator[Picture]:
    wire = Wire(pipe.fileno(), pipe.fileno())
    with suppress(Ended, Late):
        while True:
            yield read(wire, until, SIDE)


def _why_ended(process: subprocess.Popen[bytes], heard: int, until: float) -> str:
    """What kept the rest of the film unseen; "" where it was read to its end."""
    try:
        code = process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return f"it is not decoded within {3 * SECONDS:g} seconds"
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return f"it takes more than {SECONDS:g} seconds of processor time, or too much memory"
    words = _said(heard)
    return f"ffmpeg found it damaged: {words or f'exit code {code}'}" if words or code else ""


def _said(heard: int) -> str:
    """The first line that ffmpeg said of an error, without the address that it begins with."""
    try:
        lines = os.read(heard, _LONGEST).decode("utf-8", "replace").splitlines()
    except BlockingIOError:
        return ""
    first = next((line for line in lines if line.strip()), "")
    return "".join(letter for letter in first.rpartition("] ")[2] if letter.isprintable())[:160].rstrip(". ")
