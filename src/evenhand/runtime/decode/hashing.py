"""One call from bytes to all hashes of a picture or film."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import threading

from evenhand.engine.media.kinds import Kind, sniff
from evenhand.engine.media.limits import DEFAULT, Limits, Undecodable, check_bytes
from evenhand.runtime.decode import video
from evenhand.runtime.decode.pool import Pool
from evenhand.runtime.decode.process import NoDecoder
from evenhand.runtime.decode.sealing import SEALS
from evenhand.runtime.decode.values import Hashed, Refused, Seen, Unseen, What

_lock = threading.Lock()
_pools: dict[int, Pool] = {}
_DIGESTS = ("md5", "sha1", "sha256")
_ENDINGS = {
    "jpeg": "jpeg", "jpg": "jpeg", "pjpeg": "jpeg", "png": "png", "apng": "png", "gif": "gif", "webp": "webp",
    "avif": "avif", "bmp": "bmp", "tiff": "tiff", "tif": "tiff", "mp4": "mp4", "m4v": "mp4", "mov": "mp4",
    "quicktime": "mp4", "3gpp": "mp4", "webm": "matroska", "mkv": "matroska", "x-matroska": "matroska", "avi": "avi",
    "x-msvideo": "avi", "flv": "flv", "x-flv": "flv", "ogv": "ogg", "mpeg": "mpeg", "mpg": "mpeg", "mp2t": "mpegts",
}  # fmt: skip
"""Of file names and content types, to the kind that they promise."""


def hash_media(
    data: bytes,
    kind: What | None = None,
    *,
    said: str = "",
    queries: bool = True,
    keep: bool = False,
    limits: Limits = DEFAULT,
    pool: Pool | None = None,
) -> Hashed | Refused:
    """All hashes of a file, decoded as its first bytes say.

    `queries`: also whether it is flat, and what to ask for beside its own hash (turned, trimmed …), at many times the
    cost. `keep`: also what a bank keeps of a medium that the operator adds himself. `kind`: what it should be; `said`:
    the content type or name that came with it. Where they differ from what it is, a note says so. Never raises for what
    the file holds.
    """
    found, pool = sniff(data), pool or default()
    hashes = {name: hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in _DIGESTS}
    try:
        seen = _seen(data, found, pool, limits=limits, queries=queries, keep=keep)
    except NoDecoder as why:
        return Refused(verdict="waiting", reason=str(why), hashes=hashes, size=len(data))
    if isinstance(seen, Unseen):
        return Refused(verdict="not decodable", reason=seen.reason, hashes=hashes, size=len(data))
    return _hashed(seen, found, hashes, (*_lies(found, kind, said),), len(data))


def _seen(data: bytes, found: Kind, pool: Pool, *, limits: Limits, queries: bool, keep: bool) -> Seen | Unseen:
    try:
        check_bytes(data, limits)
    except Undecodable as why:
        return Unseen(str(why))
    if found.family == "other":
        return Unseen(found.why_not)
    if found.family == "video":
        return video.look(data, found, limits, pool)
    return pool.ask(data, limits=limits, queries=queries, keep=keep)


def default() -> Pool:
    """This process's own pool."""
    with _lock:
        pid = os.getpid()
        if pid not in _pools:
            _pools.clear()  # a fork's parent keeps its children
            _pools[pid] = Pool()
        return _pools[pid]


@atexit.register
def close() -> None:
    """Ends the children of the default pool."""
    if pool := _pools.get(os.getpid()):
        pool.close()


def missing_seals() -> tuple[str, ...] | None:
    """Which protections this machine does not give the decoder; None before the first file."""
    seals = default().seals
    return None if seals is None else tuple(seal for seal in SEALS if seal not in seals)


def _hashed(seen: Seen, found: Kind, hashes: dict[str, str], lies: tuple[str, ...], size: int) -> Hashed:
    first = {"video_md5": hashes["md5"]} if found.family == "video" else {"pdq": seen.pdq}
    return Hashed(
        kind=found.name,
        hashes=first | hashes,
        size=size,
        width=seen.width,
        height=seen.height,
        quality=seen.quality,
        flat=seen.flat,
        frames=seen.frames,
        others=seen.others,
        kept=seen.kept,
        whole=seen.whole,
        notes=tuple(note[:1].upper() + note[1:] + "." for note in (*lies, *seen.notes)),
    )


def _lies(found: Kind, kind: What | None, said: str) -> list[str]:
    notes = []
    if kind and (kind == "video") != (found.family == "video"):
        notes.append(f"it was to be {kind}, and is {found.name.upper()}")
    ending = re.split(r"[/.]", said.lower().partition(";")[0].strip())[-1]
    if _ENDINGS.get(ending, found.name) != found.name:
        notes.append(f"it is called {ending}, and is {found.name.upper()}")
    return notes
