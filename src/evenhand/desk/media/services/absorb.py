"""In the fold's transaction: new media wait to be looked at, hashes are kept, matches are written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evenhand.desk import sql
from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.fields import now_micros
from evenhand.desk.media.hashes import digest
from evenhand.desk.media.models import Look
from evenhand.desk.media.queries import matching
from evenhand.desk.media.services import looks
from evenhand.engine.detect.knownmedia import NAME, PERCEPTUAL, medium, of, says_something
from evenhand.engine.model import (
    AppealMade,
    Event,
    Hash,
    Item,
    ItemSent,
    Media,
    MediaHashed,
    MediaRematched,
    Micros,
    Ref,
    ReportMade,
    Signal,
)

_LOOKS = (
    "item_type", "item_id", "field", "url", "digest", "kind", "state", "tries", "since", "due_at", "changed_at",
    "error",
)  # fmt: skip
_SEEN = ("kind", "value", "digest", "item_type", "item_id", "field", "url", "flat", "whole", "medium", "at")
_MATCHES = (
    "item_type", "item_id", "field", "medium", "bank_id", "entry_id", "event_id", "distance", "variant", "flat", "at",
    "case_id", "outcome", "withdrawn_why",
)  # fmt: skip
_STANDS_AGAIN = (
    "ON CONFLICT (item_type, item_id, field, medium, entry_id) DO UPDATE SET event_id = excluded.event_id,"
    " distance = excluded.distance, variant = excluded.variant, flat = excluded.flat, withdrawn_at = NULL,"
    " withdrawn_why = ''"
)


def absorb(events: Sequence[Event], signals: Sequence[Signal]) -> None:
    """Subscribed to the fold, behind cases and holds. Without any bank nothing is looked at."""
    found = [one for event in events for one in _media(event)]
    hashed = [(event, media) for event in events if (media := of(event)) and isinstance(event.body, MediaHashed)]
    if (found or hashed) and matching.any_bank():
        _wait(found)
        _keep(hashed)
        looks.matched_by_given([media for event, media in hashed if event.source != looks.SOURCE])
    _match([signal for signal in signals if signal.detector.startswith(f"{NAME}:") and signal.evidence["matches"]])


def _media(event: Event) -> Iterator[tuple[Ref, Media]]:
    """Those that have to be fetched."""
    for item in _items(event):
        if not item.deleted:
            yield from ((item.ref, media) for media in item.media)


def _items(event: Event) -> Sequence[Item]:
    match event.body:
        case ItemSent(item=item):
            return (item,)
        case ReportMade(item=item, thread=thread, additional=additional):
            return (item, *thread, *additional)
        case AppealMade(item=item, additional=additional):
            return (item, *additional)
        case MediaHashed() | MediaRematched():
            return ()


def _wait(found: Sequence[tuple[Ref, Media]]) -> None:
    """Once for each address in each field of an item."""
    now = now_micros()
    once = {(ref, media.field, media.url): media for ref, media in found}
    sql.insert_many(
        "media_look",
        _LOOKS,
        [
            (
                ref.type, ref.id, field, url, looks.of_address(url), media.kind, Look.State.WAITING.value, 0, now, now,
                now, "",
            )
            for (ref, field, url), media in once.items()
        ],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip


def _keep(hashed: Sequence[tuple[Event, MediaHashed]]) -> None:
    """What new entries will be held against: one row for each kind of hash, with its variants or frames."""
    rows = [row for event, media in hashed for row in _seen(media, event.at)]
    sql.insert_many("media_seen", _SEEN, rows, "ON CONFLICT DO NOTHING")


def _seen(media: MediaHashed, at: Micros) -> Iterator[tuple[Any, ...]]:
    by_kind: dict[str, list[Hash]] = {}
    for one in filter(says_something, media.hashes):
        by_kind.setdefault(one.kind, []).append(one)
    named = "" if media.url else medium(media)
    for kind, some in by_kind.items():
        values = [bytes.fromhex(one.value) for one in some]
        joined = [b"".join(values)] if kind in PERCEPTUAL else values
        for value in joined:
            key = digest(values[0] if kind == "pdq" else value)
            yield (
                kind, value, key, media.ref.type, media.ref.id, media.field, media.url, media.flat, media.whole, named,
                at,
            )  # fmt: skip


def _match(signals: Sequence[Signal]) -> None:
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    banks = _banks({signal.detector.partition(":")[2] for signal in signals})
    for signal in signals:
        bank = banks.get(signal.detector.partition(":")[2])
        if bank is None or "withdrawn" in signal.evidence:
            continue
        case = cases.open_review(signal.subject)
        for near in signal.evidence["matches"]:
            ref, told = signal.subject, signal.evidence
            rows[told["medium"], near["entry"]] = (
                ref.type, ref.id, told["field"], told["medium"], bank, near["entry"], signal.event_id, near["distance"],
                near.get("variant", ""), near.get("flat", False), signal.at, case, "", "",
            )  # fmt: skip
    sql.insert_many("media_match", _MATCHES, list(rows.values()), _STANDS_AGAIN)


def _banks(names: set[str]) -> dict[str, int]:
    if not names:
        return {}
    one_of_them, parameters = sql.within(sorted(names))
    found = sql.rows(
        f"SELECT name, id FROM media_bank WHERE retired_at IS NULL AND name {one_of_them}",  # noqa: S608 (marks only)
        parameters,
    )
    return dict(found)
