"""From an address to hashes: fetched within limits, hashed in a sandbox, and forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenhand.engine.detect.knownmedia import GOOD
from evenhand.engine.model import Hash, MediaKind
from evenhand.runtime import config, fetch

if TYPE_CHECKING:
    from evenhand.runtime import decode

EXACT: Final = ("md5", "sha1", "sha256")
HOST_WAITS: Final = 3_600.0
DECODER_WAITS: Final = 600.0
"""Seconds until it is tried again."""
_IN_PART: Final = "Only a part of it was looked at."


class Hashed(Struct, frozen=True):
    """What a medium hashes to. `whole`: False where limits left a part of it unseen. `note` is for people."""

    hashes: tuple[Hash, ...]
    flat: bool = False
    whole: bool = True
    note: str = ""


class Undecodable(Exception):
    """It is no medium that can be hashed; the message says why. `digests`: of its bytes, which lists may have all the
    same."""

    def __init__(self, reason: str, digests: tuple[Hash, ...] = ()) -> None:
        super().__init__(reason)
        self.digests = digests


class NotNow(Exception):
    """It is not the medium's fault: something is missing here, which the message names."""

    def __init__(self, reason: str, seconds: float, digests: tuple[Hash, ...] = ()) -> None:
        super().__init__(reason)
        self.seconds, self.digests = seconds, digests


class HostNotNamed(NotNow):
    """The configuration does not name its host: nothing is fetched there."""

    def __init__(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        super().__init__(
            f"The host {host} is not among media_hosts in evenhand.toml: nothing is fetched there.", HOST_WAITS
        )


Fetch = Callable[[str], bytes]
"""An address → the whole medium. Raises fetch.FetchError, NotNow."""
Hasher = Callable[[bytes, MediaKind], Hashed]
"""Raises Undecodable, NotNow."""


def fetched(url: str) -> bytes:
    """Only from hosts that the configuration names, within its limits; kept in memory, and nowhere else."""
    configured = config.current()
    if not may_fetch(url):
        raise HostNotNamed(url)
    return fetch.fetch_media(
        url,
        timeout=configured.media_seconds,
        max_bytes=configured.media_max_bytes,
        allow_private=configured.allow_private,
    ).data


def may_fetch(url: str) -> bool:
    """Whether the configuration names its host."""
    return (urlsplit(url).hostname or "") in config.current().media_hosts


def hash_media(data: bytes, kind: MediaKind) -> Hashed:
    """In the sandbox of `runtime.decode`; recordings of sound by their bytes alone."""
    if kind == "audio":
        return Hashed(tuple(Hash(name, hashlib.new(name, data, usedforsecurity=False).hexdigest()) for name in EXACT))
    from evenhand.runtime import decode  # noqa: PLC0415 (a desk that hashes nothing does not load it)

    found = decode.hash_media(data, kind)
    if isinstance(found, decode.Refused):
        digests = tuple(Hash(name, value) for name, value in found.hashes.items())
        if found.verdict == "waiting":
            raise NotNow(found.reason, DECODER_WAITS, digests)
        raise Undecodable(found.reason, digests)
    notes = found.notes if found.whole else (_IN_PART, *found.notes)
    return Hashed((*_hashes(found),), flat=_is_flat(found), whole=found.whole, note=" ".join(notes))


def _is_flat(found: decode.Hashed) -> bool:
    """Whether anything that it can be found by is flat: a blank page that shows a photograph over black is not."""
    shows = found.quality >= GOOD or not any(other.quality >= GOOD for other in found.others)
    return (found.flat and shows) or any(other.flat and other.quality >= GOOD for other in found.others)


def _hashes(found: decode.Hashed) -> Iterator[Hash]:
    """Frames of a film are matched together; those of a moving picture each by itself."""
    is_film = "video_md5" in found.hashes
    for name, value in found.hashes.items():
        yield Hash(name, value, quality=found.quality if name == "pdq" else None)
    for other in found.others:
        yield Hash("pdq", other.pdq, variant=other.name, quality=other.quality)
    for frame in found.frames:
        if is_film:
            yield Hash("vpdq", frame.pdq, quality=frame.quality)
        else:
            yield Hash("pdq", frame.pdq, variant=f"after {frame.at:.1f} s", quality=frame.quality)
