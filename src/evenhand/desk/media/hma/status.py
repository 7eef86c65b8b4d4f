"""Whether the listener answers, from what, and which types and paths it has."""

from __future__ import annotations

from evenhand.desk.media.hma import kinds
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request
from evenhand.desk.media.hma.room import Answer, Room

ALIVE = "I-AM-ALIVE"


def status(room: Room, _request: Request) -> Answer:
    """The first line is HMA's; when something is wrong, a second one says what, and for how long."""
    trouble = room.watch.trouble()
    if not trouble:
        return Answer(ALIVE)
    return Answer(f"{'INDEX-STALE' if room.watch.is_loaded else 'INDEX-NOT-LOADED'}\n{trouble}\n", status=503)


def live(_room: Room, _request: Request) -> Answer:
    return Answer(ALIVE)


def signal_types(_room: Room, _request: Request) -> Answer:
    return Answer({name: {"name": name, "enabled_ratio": 1.0} for name in kinds.SIGNALS})


def refuse_switching(_room: Room, _request: Request, name: str) -> Answer:
    """HMA answers 500."""
    kinds.signal_type(name)
    raise Refusal(400, "Signal types cannot be switched off here: switch banks or contents off. Nothing was changed.")


def signal_index(room: Room, _request: Request) -> Answer:
    """Both sizes count hashes of which one may be found: they differ only while the index is built anew."""
    watch, counts = room.watch, room.watch.facts.counts()
    found = {}
    for name in kinds.SIGNALS:
        size = len(watch.known) if name in kinds.INDEXED else counts.get(name, 0)
        found[name] = {
            "db_size": size,
            "index_size": size,
            "index_out_of_date": bool(watch.trouble()),
            "newest_db_item": watch.built_to,
            "index_built_to": watch.built_to,
        }
    return Answer(found)


def content_types(_room: Room, _request: Request) -> Answer:
    return Answer({name: {"name": name, "enabled": True} for name in kinds.CONTENT})
