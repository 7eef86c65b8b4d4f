"""What goes to the decoder and comes back: a job, and hashes or one sentence why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from evenhand.engine.media.limits import Limits

Hex256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Quality = Annotated[int, Meta(ge=0, le=100)]
Words = Annotated[str, Meta(max_length=500)]
What = Literal["image", "video"]
Verdict = Literal["not decodable", "waiting"]
"""`not decodable` is about the file, and stays. `waiting` is about this machine: to be tried again, never a pass."""


class Frame(Struct, frozen=True):
    """One frame of a film or of an animated picture, `at` seconds after its beginning; twice or more where it shows
    something else to some viewers (over black …)."""

    at: float
    pdq: Hex256
    quality: Quality


class Other(Struct, frozen=True):
    """A further query for the same picture (turned, over black …), never in place of the first. `flat`: of what the
    file shows elsewhere; turned and trimmed, it is as flat as the first."""

    name: Words
    pdq: Hex256
    quality: Quality
    flat: bool = False


class Hashed(Struct, frozen=True, kw_only=True):
    """`hashes`: hex by kind: pdq (pictures), video_md5 (films), md5, sha1, sha256. `quality`: of the pdq, 0 to 100; of
    a film, its best frame's. `flat`: mostly one colour and lettering, so that its pdq says little; of a film, most of
    its frames. `others`: further queries for it; `kept`: what to keep of it in a bank of one's own, where that was
    asked for. `frames`: those of a film, or further ones of a picture that differ. `size`: bytes of the file. `whole`:
    False where limits or damage left a part unseen. `notes`: what is odd, in sentences."""

    kind: str
    hashes: Mapping[str, str]
    size: int
    width: int = 0
    height: int = 0
    quality: int = 0
    flat: bool = False
    frames: tuple[Frame, ...] = ()
    others: tuple[Other, ...] = ()
    kept: tuple[Other, ...] = ()
    whole: bool = True
    notes: tuple[str, ...] = ()


class Refused(Struct, frozen=True, kw_only=True):
    """`str()` is the sentence for people. `hashes` of the bytes themselves are there all the same: exact lists match
    what cannot be decoded."""

    verdict: Verdict
    reason: str
    hashes: Mapping[str, str] = {}
    size: int = 0

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"


class Job(Struct, frozen=True, kw_only=True):
    """A file of `size` bytes that follow; with `grey` (width, height) they are the levels of one decoded frame."""

    size: int
    limits: Limits
    seconds: float
    grey: tuple[int, int] | None = None
    queries: bool = True
    keep: bool = False


class Seen(Struct, frozen=True, kw_only=True, tag="seen"):
    """What the child saw. Its words and numbers are checked as those of a stranger are: a file may have taken it."""

    kind: Words
    width: int
    height: int
    pdq: Hex256
    quality: Quality
    frames: Annotated[tuple[Frame, ...], Meta(max_length=1000)] = ()
    flat: bool = False
    others: Annotated[tuple[Other, ...], Meta(max_length=100)] = ()
    kept: Annotated[tuple[Other, ...], Meta(max_length=100)] = ()
    whole: bool = True
    notes: Annotated[tuple[Words, ...], Meta(max_length=50)] = ()


class Unseen(Struct, frozen=True, tag="unseen"):
    reason: Words


class Ready(Struct, frozen=True, tag="ready"):
    """The child's first word: which seals hold (see `sealing`)."""

    seals: tuple[str, ...]


Reply = Seen | Unseen | Ready
