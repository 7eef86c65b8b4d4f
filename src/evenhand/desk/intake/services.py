"""Takes events in durably, and folds them into items and reports."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256

import msgspec
from msgspec import structs

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.intake.models import ViewFit
from evenhand.desk.intake.reading.pointers import pointers
from evenhand.engine.model import AppealMade, Event, Hash, Item, ItemSent, MediaHashed, MediaRematched, Ref, ReportMade
from evenhand.engine.text.unspaced import folded
from evenhand.engine.triage.exposure import HalfLife
from evenhand.runtime import config
from evenhand.runtime.eventlog import EventLog, to_row
from evenhand.runtime.eventlog.opening import open_log

arrived = threading.Event()
"""Set when this process has appended to the log, so that a worker in the same process need not sleep."""


@cache
def event_log() -> EventLog:
    return open_log(config.current().data_dir, sql.dsn())


def accept(events: Sequence[Event]) -> list[bool]:
    """Append all events in one transaction; they are durable when this returns.

    True where the event is new, False where its id was there already. Raises LogUnavailable: nothing was kept.
    """
    partitions = config.current().partitions
    told = [*events, *(one for event in events for one in _hashed(event))]
    fresh = event_log().append([to_row(event, partitions=partitions) for event in told])
    arrived.set()
    return fresh[: len(events)]


def _hashed(event: Event) -> Iterator[Event]:
    """What media hash to that came with their hashes: an event of its own for each, beside that of the item."""
    for item in _items(event):
        for one in item.media:
            if one.hashes:
                named = sha256(f"{event.id} {item.ref.type} {item.ref.id} {one.field} {one.url}".encode()).hexdigest()
                hashes = tuple(Hash(kind, value) for kind, value in sorted(one.hashes.items()))
                media = MediaHashed(
                    ref=item.ref, field=one.field, url=one.url, kind=one.kind, hashes=hashes, by="platform"
                )
                yield Event(id=named[:32], at=event.at, source=event.source, body=media)


def keep_fit(found: HalfLife, *, in_force: bool) -> None:
    """In the caller's transaction: what the platform's views were fitted to, and whether the order stands on it now."""
    ViewFit.objects.create(
        fitted_at=now_micros(),
        half_life=found.value,
        low=found.low,
        high=found.high,
        items=found.items,
        in_force=in_force,
    )


def project(events: Sequence[Event]) -> None:
    """Fold events into items, their earlier versions, and reports. Called by the worker, in its transaction."""
    _keep_items(events)
    _keep_reports(events)


_DECODER = msgspec.json.Decoder(Item)
_ROLES = ("creator", "thread", "parent", "created_at", "name", "deleted", "views", "text", "links", "media")
_ITEM_COLUMNS = (
    "kind", "creator_type", "creator_id", "thread_type", "thread_id", "name", "text", "folded", "data", "views",
    "deleted", "partial", "created_at", "last_seen", "versions",
)  # fmt: skip
_NEWER_ITEM = (
    f"ON CONFLICT (item_type, item_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _ITEM_COLUMNS)}"
)
_POINTER_COLUMNS = ("to_type", "to_id", "item_type", "item_id", "field")
_THIS_POINTER = " AND ".join(f"{name} = %s" for name in _POINTER_COLUMNS)
_VERSION_COLUMNS = ("item_type", "item_id", "seen_at", "replaced_at", "data")
_REPORT_COLUMNS = (
    "report_id", "event_id", "item_type", "item_id", "reporter_kind", "reporter_type", "reporter_id", "policy",
    "reason", "csam", "reported_at", "received_at", "source", "in_thread",
)  # fmt: skip


class _Known(msgspec.Struct):
    """What the table holds of an item, moving on as the batch is folded."""

    data: str
    last_seen: int
    first_seen: int
    partial: bool
    versions: int


def _items(event: Event) -> Iterator[Item]:
    match event.body:
        case ItemSent(item=item):
            yield item
        case ReportMade(item=item, thread=thread, additional=additional):
            yield from (*thread, *additional, item)
        case AppealMade(item=item, additional=additional):
            yield from (*additional, item)
        case MediaHashed() | MediaRematched():
            pass


def _keep_items(events: Sequence[Event]) -> None:
    sent = [(event, item) for event in events for item in _items(event)]
    known = _load({item.ref for _, item in sent})
    newest: dict[Ref, Item] = {}
    replaced: list[tuple[str, str, int, int, str]] = []
    for event, told in sent:
        at, before = event.at, known.get(told.ref)
        if before is not None and told.partial and not before.partial:
            continue
        item = told if before is None or isinstance(event.body, ItemSent) else _completed(told, before.data)
        data = _encode(item)
        if before is not None and before.data == data:
            continue
        if before is not None:
            replaced.append((item.ref.type, item.ref.id, before.last_seen, at, before.data))
        known[item.ref] = _Known(
            data=data,
            last_seen=at,
            first_seen=before.first_seen if before else at,
            partial=item.partial,
            versions=before.versions + 1 if before else 1,
        )
        newest[item.ref] = item
    sql.insert_many("intake_itemversion", _VERSION_COLUMNS, replaced)
    sql.insert_many(
        "intake_item",
        ("item_type", "item_id", "first_seen", *_ITEM_COLUMNS),
        [_item_row(item, known[ref]) for ref, item in newest.items()],
        _NEWER_ITEM,
    )
    _keep_pointers(newest, replaced)


def _keep_pointers(newest: Mapping[Ref, Item], replaced: Sequence[tuple[str, str, int, int, str]]) -> None:
    """Only what differs from what was kept: most changes point where the item pointed before."""
    before: dict[Ref, str] = {}
    for type_, id_, _seen, _replaced, data in replaced:
        before.setdefault(Ref(type_, id_), data)
    gone, new = [], []
    for ref, item in newest.items():
        now = pointers(item)
        had = pointers(_DECODER.decode(before[ref])) if ref in before else []
        if now != had:
            gone += [_pointer_row(ref, *one) for one in had if one not in now]
            new += [_pointer_row(ref, *one) for one in now if one not in had]
    sql.run_many(f"DELETE FROM intake_pointer WHERE {_THIS_POINTER}", gone)  # noqa: S608 (our own names)
    sql.insert_many("intake_pointer", _POINTER_COLUMNS, new)


def _pointer_row(ref: Ref, field: str, to: Ref) -> tuple[str, ...]:
    return to.type, to.id, ref.type, ref.id, field


def _encode(item: Item) -> str:
    """Without the version of the platform document: the same words under a new version are no change."""
    return msgspec.json.encode(structs.replace(item, platform=0)).decode()


def _completed(told: Item, before: str) -> Item:
    """What comes along with a report or an appeal may be shorter than what the platform sent: it takes nothing away."""
    known = _DECODER.decode(before)
    kept = {name: getattr(told, name) or getattr(known, name) for name in _ROLES}
    return structs.replace(told, data={**known.data, **told.data}, **kept)


def _load(refs: set[Ref]) -> dict[Ref, _Known]:
    if not refs:
        return {}
    values, parameters = sql.among(sorted(refs))
    found = sql.rows(
        "SELECT item_type, item_id, data, last_seen, first_seen, partial, versions FROM intake_item"  # noqa: S608 (constant text and marks)
        f" WHERE (item_type, item_id) IN {values}",
        parameters,
    )
    return {Ref(type_, id_): _Known(*rest) for type_, id_, *rest in found}


def _item_row(item: Item, known: _Known) -> tuple[object, ...]:
    creator, thread = item.creator or Ref("", ""), item.thread or Ref("", "")
    return (
        item.ref.type, item.ref.id, known.first_seen, item.kind, creator.type, creator.id, thread.type, thread.id,
        item.name, item.text, folded(item.text), known.data, item.views, item.deleted, item.partial, item.created_at,
        known.last_seen, known.versions,
    )  # fmt: skip


def _keep_reports(events: Sequence[Event]) -> None:
    sql.insert_many(
        "intake_report",
        _REPORT_COLUMNS,
        [_report_row(event, event.body) for event in events if isinstance(event.body, ReportMade)],
    )


def _report_row(event: Event, report: ReportMade) -> tuple[object, ...]:
    return (
        report.report_id, event.id, report.item.ref.type, report.item.ref.id, report.reporter.kind,
        report.reporter.type, report.reporter.id, report.policy, report.reason, report.csam, report.reported_at,
        event.at, event.source, msgspec.Raw(msgspec.json.encode([[ref.type, ref.id] for ref in report.in_thread])),
    )  # fmt: skip
