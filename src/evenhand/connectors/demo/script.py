"""What the demo says, as data: `evenhand/data/demo/*.toml`, read and checked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: str
    about: str


class TownScript(Struct, frozen=True, forbid_unknown_fields=True):
    first: tuple[str, ...]
    second: tuple[str, ...]
    residents: int
    about: tuple[str, ...]
    groups: tuple[Group, ...]


class EverydayScript(Struct, frozen=True, forbid_unknown_fields=True):
    starts: tuple[str, ...]
    middles: tuple[str, ...]
    posts: tuple[str, ...]
    tails: tuple[str, ...]
    comments: tuple[str, ...]
    slots: dict[str, tuple[str, ...]]


class Spam(Struct, frozen=True, forbid_unknown_fields=True):
    texts: tuple[str, ...]
    sums: tuple[str, ...]
    domains: tuple[str, ...]
    decoration: tuple[str, ...]
    reasons: tuple[str, ...]


class Campaign(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    twists: tuple[str, ...]


class Reasons(Struct, frozen=True, forbid_unknown_fields=True):
    reasons: tuple[str, ...]


class Mob(Struct, frozen=True, forbid_unknown_fields=True):
    origin: str
    pile: tuple[str, ...]
    whereabouts: str
    threat: str
    defence: tuple[str, ...]
    own_words: str
    reasons: tuple[str, ...]
    own_reasons: tuple[str, ...]
    danger_reasons: tuple[str, ...]


class Rumour(Struct, frozen=True, forbid_unknown_fields=True):
    waves: tuple[str, ...]
    variations: tuple[str, ...]
    answer: str
    reasons: tuple[str, ...]


class FalseReports(Struct, frozen=True, forbid_unknown_fields=True):
    post: str
    policies: tuple[str, ...]
    reasons: tuple[str, ...]


class HashHit(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    picture: str


class Known(Struct, frozen=True, forbid_unknown_fields=True):
    """What a list of Example Hash Exchange names: a drawing of the demo's own."""

    list: str
    key: str
    picture: str
    classification: str
    withdrawn_at_call: int = 0
    """From this call on it is taken back; 0: never."""
    withdrawn_because: str = ""


class Incident(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["post", "comment", "message"]
    text: str
    policy: str
    reasons: tuple[str, ...]
    innocent: bool = False
    """The report is wrong: a fair moderator dismisses it."""


class Appeal(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    action: str
    policy: str
    reason: str


class Ordinary(Struct, frozen=True, forbid_unknown_fields=True):
    policy: str
    texts: tuple[str, ...]


class Stories(Struct, frozen=True, forbid_unknown_fields=True):
    spam: Spam
    campaigns: tuple[Campaign, ...]
    campaign_reports: Reasons
    mobs: tuple[Mob, ...]
    rumour: Rumour
    false_reports: FalseReports
    hash_hits: tuple[HashHit, ...]
    known: tuple[Known, ...]
    incidents: tuple[Incident, ...]
    appeals: tuple[Appeal, ...]
    ordinary_reasons: tuple[Ordinary, ...]
    live_appeal: Reasons


class Script(Struct, frozen=True):
    town: TownScript
    everyday: EverydayScript
    stories: Stories


def folder(name: str) -> Path:
    """A folder of the demo's data."""
    return Path(str(files("evenhand.data"))) / "demo" / name


def text(name: str) -> str:
    """A file of data/demo, whole."""
    return files("evenhand.data").joinpath("demo", name).read_text("utf-8")


@cache
def load() -> Script:
    return Script(
        town=_read("town.toml", TownScript),
        everyday=_read("everyday.toml", EverydayScript),
        stories=_read("stories.toml", Stories),
    )


def _read(name: str, shape: type[T]) -> T:
    return msgspec.toml.decode(text(name), type=shape)
