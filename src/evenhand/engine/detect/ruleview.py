"""What a rule sees of an event of the desk: the name of what happened, and the item's own data with what we know of it.

The root is the item's data as the platform sent it, so rules that were written for the platform's own events read the
same paths. What the desk knows stands under `evenhand`:

    $.text                       a field of the item, as the platform calls it
    $.evenhand.item              type, id, kind, text (all that a person would read), name, links, media, created_at,
                                 views, partial
    $.evenhand.author            type, id; left out when nobody is known. A user is its own author
    $.evenhand.thread, .parent   type, id; left out when there is none
    $.evenhand.report            reporter (kind, type, id), policy, reason, csam, id; only when it was reported
    $.evenhand.appeal            by (type, id), reason, id; only when somebody appeals

The action is named after the item's type: `post` when it is sent, `post_reported`, `post_appealed`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from evenhand.engine.model import (
    AppealMade,
    Event,
    Item,
    ItemSent,
    MediaHashed,
    MediaRematched,
    Micros,
    Ref,
    ReportMade,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_DIGITS = 15
KNOWN = "evenhand"
"""Where the desk's own knowledge stands in the data."""


def view(event: Event) -> tuple[str, dict[str, Any]] | None:
    """The action's name and data; None for an item that was deleted, which is not judged, and for what is told of media
    alone."""
    body = event.body
    if isinstance(body, MediaHashed | MediaRematched) or body.item.deleted:
        return None
    item = body.item
    known = _known(item)
    match body:
        case ItemSent():
            return item.ref.type, {**item.data, KNOWN: known}
        case ReportMade():
            known["report"] = {
                "id": body.report_id,
                "reporter": {"kind": body.reporter.kind, "type": body.reporter.type, "id": body.reporter.id},
                "policy": body.policy,
                "reason": body.reason,
                "csam": body.csam,
            }
            return f"{item.ref.type}_reported", {**item.data, KNOWN: known}
        case AppealMade():
            known["appeal"] = {"id": body.appeal_id, "by": _ref(body.by), "reason": body.reason}
            return f"{item.ref.type}_appealed", {**item.data, KNOWN: known}


def moment(micros: Micros) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def number(event: Event) -> int:
    """The event's id as rules see it: 60 bits of it, so that it fits where Osprey has its numbers."""
    return int(event.id[-_ID_DIGITS:], 16)


def author(item: Item) -> Ref | None:
    """Who stands behind the item; a user is its own author."""
    return item.ref if item.kind == "user" else item.creator


def _known(item: Item) -> dict[str, Any]:
    known: dict[str, Any] = {
        "item": {
            "type": item.ref.type,
            "id": item.ref.id,
            "kind": item.kind,
            "text": item.text,
            "name": item.name,
            "links": list(item.links),
            "media": [{"kind": one.kind, "url": one.url, "field": one.field} for one in item.media],
            "created_at": moment(item.created_at).isoformat() if item.created_at is not None else None,
            "views": item.views,
            "partial": item.partial,
        }
    }
    for name, ref in (("author", author(item)), ("thread", item.thread), ("parent", item.parent)):
        if ref is not None:
            known[name] = _ref(ref)
    return known


def _ref(ref: Ref) -> dict[str, str]:
    return {"type": ref.type, "id": ref.id}
