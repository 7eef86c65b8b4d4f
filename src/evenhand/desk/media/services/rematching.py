"""What was seen of a medium, told again for the entries that came since: all its hashes in one event, when it is news.

A medium has a row of Seen for each kind of hash, and is near an entry by several of them: it is told once. One of which
each match stands already has told them when it was hashed, or in an earlier scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.api import identity
from evenhand.desk.media.queries import matching, standing
from evenhand.desk.media.services.looks import SOURCE
from evenhand.engine.detect.knownmedia import PERCEPTUAL, STANDS, hits, is_told, key, medium
from evenhand.engine.model import Event, Hash, MediaHashed, MediaRematched, Ref

_HASH: Final = 32
_AT_ONCE: Final = 300
_SEEN: Final = "item_type, item_id, field, url, medium"


class _Place(NamedTuple):
    """Where a medium stands: all of its rows have the same."""

    item_type: str
    item_id: str
    field: str
    url: str
    medium: str


def tell(scan: int, ids: Sequence[int]) -> int:
    """Of these rows of Seen, the media that say something new; how many were not told by this scan before.

    Raises LogUnavailable.
    """
    events = []
    for some in sql.batched(ids, _AT_ONCE):
        media = [_medium(place, rows) for place, rows in _media(some).items()]
        events += [_event(scan, one) for one in _news(media)]
    return sum(intake.accept(events)) if events else 0


def _news(media: Sequence[MediaHashed]) -> list[MediaHashed]:
    """Those with a match that does not stand."""
    state: dict[str, Any] = matching.provide([key(hash_) for one in media for hash_ in one.hashes])
    state |= standing.provide([f"{STANDS}{medium(one)}" for one in media])
    return [one for one in media if not is_told(one, hits(one, state), state)]


def _media(ids: Sequence[int]) -> dict[_Place, list[tuple[Any, ...]]]:
    """By medium, all rows of those media that have one of these rows."""
    one_of_them, parameters = sql.within(ids)
    wanted = sql.rows(f"SELECT DISTINCT {_SEEN} FROM media_seen WHERE id {one_of_them}", parameters)  # noqa: S608 (marks)
    found: dict[_Place, list[tuple[Any, ...]]] = {_Place(*place): [] for place in wanted}
    items = sorted({Ref(place.item_type, place.item_id) for place in found})
    if not items:
        return {}
    values, parameters = sql.among(items)
    for row in sql.rows(
        f"SELECT {_SEEN}, kind, value, flat, whole FROM media_seen WHERE (item_type, item_id) IN {values} ORDER BY id",  # noqa: S608 (constant text and marks)
        parameters,
    ):
        place = _Place(*row[:5])
        if place in found:
            found[place].append(row[5:])
    return found


def _medium(place: _Place, rows: Sequence[tuple[Any, ...]]) -> MediaHashed:
    kinds = {kind for kind, *_rest in rows}
    return MediaHashed(
        ref=Ref(place.item_type, place.item_id),
        field=place.field,
        url=place.url,
        kind="video" if kinds & {"vpdq", "video_md5"} else "image",
        hashes=tuple(hash_ for kind, value, *_rest in rows for hash_ in _hashes(kind, bytes(value))),
        flat=any(flat for _kind, _value, flat, _whole in rows),
        whole=all(whole for *_rest, whole in rows),
        medium=place.medium,
    )


def _hashes(kind: str, value: bytes) -> list[Hash]:
    if kind not in PERCEPTUAL:
        return [Hash(kind, value.hex())]
    return [Hash(kind, value[at : at + _HASH].hex(), quality=100) for at in range(0, len(value), _HASH)]


def _event(scan: int, media: MediaHashed) -> Event:
    hashes = [f"{one.kind}:{one.value}" for one in media.hashes]
    return Event(
        id=identity.derived("rematch", str(scan), medium(media), *hashes),
        at=now_micros(),
        source=SOURCE,
        body=MediaRematched(scan=scan, media=media),
    )
