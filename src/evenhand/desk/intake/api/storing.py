"""Hands events to the log: all or none, durable before anything is answered, and never one id for two things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import structlog
from msgspec.structs import replace

from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services
from evenhand.desk.intake.api.refusals import UNAVAILABLE, Kind, Refused
from evenhand.desk.intake.queries import events as kept_events
from evenhand.desk.intake.queries.readiness import LOG_FAILURES
from evenhand.engine.model import (
    AppealMade,
    Body,
    Event,
    Item,
    ItemSent,
    MediaHashed,
    MediaRematched,
    ReportMade,
)

RETRY_SECONDS = 5
_log = structlog.get_logger("api")


def events(bodies: Iterable[tuple[str, Body]], source: str) -> list[Event]:
    """Events of these ids and bodies, received now."""
    at = now_micros()
    return [Event(id=event_id, at=at, source=source, body=body) for event_id, body in bodies]


def keep(new: Sequence[Event]) -> list[bool]:
    """True where the event is new, False where it was kept before. Durable when it returns.

    Raises Refused: the log cannot be written, and nothing was kept.
    """
    try:
        return services.accept(new)
    except LOG_FAILURES as error:
        raise _unavailable(error) from error


def refuse_reuse(new: Sequence[Event], kind: Kind) -> None:
    """Raises Refused of this kind: an event was kept under one of these ids with another body."""
    try:
        known = kept_events.kept([event.id for event in new])
    except LOG_FAILURES as error:
        raise _unavailable(error) from error
    for n, event in enumerate(new):
        before = known.get(event.id)
        if before is not None and _without_version(before.body) != _without_version(event.body):
            raise Refused(kind, f"Number {n} of the request differs from what was kept under its id. Nothing was kept.")


def _unavailable(error: Exception) -> Refused:
    detail = "The event log does not answer. Nothing of this request was kept; send it again."
    refused = Refused(UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_SECONDS)})
    _log.error("log_unavailable", request_id=refused.request_id, error=str(error))
    return refused


def _without_version(body: Body) -> Body:
    """The body as if read under no document: a newer one is no difference."""
    match body:
        case ItemSent(item=item):
            return ItemSent(_bare(item))
        case ReportMade():
            return replace(body, item=_bare(body.item), thread=_bares(body.thread), additional=_bares(body.additional))
        case AppealMade():
            return replace(body, item=_bare(body.item), additional=_bares(body.additional))
        case MediaHashed() | MediaRematched():
            return body


def _bare(item: Item) -> Item:
    return replace(item, platform=0)


def _bares(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(_bare(item) for item in items)
