"""`/c/bank/<name>/content…` and `/signal`: what is in a bank. Of media only hashes are kept."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from evenhand.desk.media import services
from evenhand.desk.media.hma import banks, hashing, kinds
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request
from evenhand.desk.media.hma.room import Answer, Room
from evenhand.desk.media.models import Entry
from evenhand.desk.media.queries import contents, sources
from evenhand.desk.media.services.adding import add_file
from evenhand.engine.media.hashkinds import LENGTHS

OFF: Final = 0
ON: Final = 1
"""HMA's `disable_until_ts`; any other number is the moment at which it is on again, in seconds since 1970."""
LONGEST_OFF: Final = 5 * 366 * 86_400
_FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_MICRO: Final = 1_000_000
Note = Annotated[str, Meta(max_length=255)]


class SignalIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Any of HMA's signal types, or ours."""

    pdq: str = ""
    video_md5: str = ""
    md5: str = ""
    sha1: str = ""
    sha256: str = ""
    note: Note = ""


class ContentIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    disable_until_ts: int | UnsetType = UNSET
    note: Note | UnsetType = UNSET


def add(room: Room, request: Request, bank: str) -> Answer:
    """Hashed with what a copy may become: crops and small turns."""
    sources.bank(bank)
    if request.field("metadata"):
        raise Refusal(400, "Metadata is not kept here: write what is to be known of it in note. Nothing was added.")
    content, data = hashing.fetched_file(request) if "url" in request.query else hashing.uploaded(request)
    hashing.hashes(data, content)
    rows = add_file(bank, data, note=_note(request), actor=room.actor)
    room.watch.look()
    return Answer(
        {"id": contents.medium_of(rows[0]), "signals": _signals({row.kind: bytes(row.value) for row in rows})}
    )


def add_signal(room: Room, request: Request, bank: str) -> Answer:
    """The same hash twice is one content."""
    given = request.json(SignalIn)
    hashes = {kind: kinds.signal(kind, written, kind) for kind in kinds.SIGNALS if (written := getattr(given, kind))}
    if not hashes:
        raise Refusal(400, f"At least one signal is needed: {', '.join(kinds.SIGNALS)}.")
    rows = services.add_entry(bank, hashes, note=given.note, actor=room.actor)
    room.watch.look()
    return Answer({"id": _id(rows), "signals": _signals(hashes)})


def one(_room: Room, request: Request, bank: str, number: str) -> Answer:
    found = contents.content(sources.bank(bank), _number(number))
    return Answer(_shown(found, with_signals=request.flag("include_signals")))


def change(room: Room, request: Request, bank: str, number: str) -> Answer:
    kept = sources.bank(bank)
    found = contents.content(kept, _number(number))
    given = request.json(ContentIn)
    until = given.disable_until_ts
    services.change_entry(
        found.id,
        disabled_until=None if until is UNSET else _off_until(until),
        enable=until == ON,
        note=None if given.note is UNSET else given.note,
        actor=room.actor,
    )
    room.watch.look()
    return Answer(_shown(contents.content(kept, found.id), with_signals=False))


def withdraw(room: Room, _request: Request, bank: str, number: str) -> Answer:
    found = contents.content(sources.bank(bank), _number(number))
    services.withdraw_entry(found.id, reason="Deleted over HMA's API.", actor=room.actor)
    room.watch.look()
    return Answer({"deleted": 1})


def _shown(found: contents.Content, *, with_signals: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": found.id,
        "bank": banks.shown(found.bank),
        "disable_until_ts": _ts(found.off_until),
        "note": found.note,
        "collab_metadata": {found.source: [found.key]} if found.source else {},
        "original_media_uri": None,
    }
    return told | {"signals": _signals(found.hashes)} if with_signals else told


def _signals(hashes: dict[str, bytes]) -> dict[str, str]:
    """The medium's own hashes: those of its crops and turns, and a film's frames, have no name with HMA."""
    return {kind: hashes[kind][: LENGTHS[kind]].hex() for kind in kinds.SIGNALS if kind in hashes}


def _ts(off_until: int) -> int:
    if off_until >= int(_FOREVER.timestamp()) * _MICRO:
        return OFF
    return off_until // _MICRO if off_until > time.time() * _MICRO else ON


def _off_until(ts: int) -> datetime | None:
    """Raises Refusal."""
    now = time.time()
    if ts == OFF:
        return _FOREVER
    if ts == ON:
        return None
    if not now < ts <= now + LONGEST_OFF:
        raise Refusal(
            400,
            "disable_until_ts is 0 (off), 1 (on), or a moment to come in seconds since 1970, within five years;"
            f" not {ts}.",
        )
    return datetime.fromtimestamp(ts, UTC)


def _id(rows: list[Entry]) -> int:
    return contents.medium_of(rows[0])


def _note(request: Request) -> str:
    note = request.field("note")
    if len(note) > 255:  # noqa: PLR2004 (HMA's limit, and ours)
        raise Refusal(400, f"A note has at most 255 characters, not {len(note):,}.")
    return note


def _number(written: str) -> int:
    if not written.isdecimal() or len(written) > 18:  # noqa: PLR2004 (digits of what a database can number)
        raise Refusal(404, f"“{written[:40]}” is no id of a content: it is a number.")
    return int(written)
