"""What a list of hashes says: media that it lists, media that it takes back, page by page."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from evenhand.engine.model import Micros


class Listed(Struct, frozen=True, kw_only=True):
    """A medium that a list names. `key` is its id there; a later one with the same key replaces it."""

    key: str
    hashes: Mapping[str, bytes]
    """By kind: pdq (32 bytes, or several of 32: the medium and its variants), md5, sha1, sha256, video_md5, vpdq (32
    bytes for each frame), or another, which is matched byte by byte."""
    classification: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    at: Micros | None = None
    """When its list last changed it."""


class Withdrawn(Struct, frozen=True, kw_only=True):
    """A medium that its list takes back."""

    key: str
    reason: str = ""
    at: Micros | None = None


class Page(Struct, frozen=True, kw_only=True):
    """Some changes of a range. `cursor` may be kept once `complete` says that the range has ended."""

    changes: tuple[Listed | Withdrawn, ...]
    cursor: str = ""
    complete: bool = False
    whole: bool = False
    """The range is the whole list: what is not in it was withdrawn."""
    version: str = ""
    """Of the list, where it has one."""
    total: int | None = None
    """How many changes the range has, where the list tells."""
    refused: tuple[str, ...] = ()
    """What could not be read, a sentence for each record; the others are taken."""
    reasons: Mapping[str, tuple[str, ...]] = {}
    """By kind of hash, where the owner takes an opinion against a medium with one of these reasons and no other."""


class Setting(Struct, frozen=True, kw_only=True):
    """What the connector to a list wants to be told. Of a `secret` it is told where it stands: `<name>_env`, an
    environment variable, or `<name>_file`."""

    name: str
    needed: bool = False
    secret: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


class ListFailed(Exception):
    """The list could not be read, or did not take what it was told; the message is a sentence. `retry_after`: seconds
    for which it asks to be left alone. `final`: asking the same again gets the same answer."""

    def __init__(self, message: str, *, retry_after: float | None = None, final: bool = False) -> None:
        super().__init__(message)
        self.retry_after, self.final = retry_after, final
