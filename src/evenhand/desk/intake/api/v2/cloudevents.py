"""POST /events: CloudEvents 1.0 over HTTP, in structured, batched and binary mode."""

from __future__ import annotations

from functools import partial
from typing import Any, cast, get_type_hints
from urllib.parse import unquote

from django.http import HttpRequest
from msgspec.structs import replace

from evenhand.desk.intake.api import bodies, identity
from evenhand.desk.intake.api.bodies import Misfit
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import JSON, Answer, Call, Parameter, Scope
from evenhand.desk.intake.api.refusals import invalid
from evenhand.desk.intake.api.v2 import drafting, elements
from evenhand.desk.intake.api.v2.elements import Elements
from evenhand.desk.intake.api.v2.structs import AppealMadeEvent, CloudEvent, ItemSentEvent, ReportMadeEvent
from evenhand.desk.intake.api.v2.taking import take
from evenhand.desk.intake.reading import limits
from evenhand.engine.model import Body

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
TYPES = {
    "evenhand.item.sent.v2": ItemSentEvent,
    "evenhand.report.made.v2": ReportMadeEvent,
    "evenhand.appeal.made.v2": AppealMadeEvent,
}
_DATA: dict[str, Any] = {name: get_type_hints(shape)["data"] for name, shape in TYPES.items()}
_EVENT = cast("type[CloudEvent]", CloudEvent)
HEADERS = tuple(
    Parameter(f"ce-{name}", "header", f"The event's {name}, in binary mode (with Content-Type {JSON}).")
    for name in ("specversion", "id", "source", "type")
)
"""In binary mode the attributes are headers, and the body is the event's data alone."""


def send_events(call: Call) -> Answer:
    events = _read(call)
    for scope in {_scope(event) for event in events.given if not isinstance(event, Misfit)}:
        call.needs(scope)
    return take(call, events, _body, _event_id, lambda event, _name: event.id, keyed=False)


def _read(call: Call) -> Elements[CloudEvent]:
    match bodies.must_be(call.request, STRUCTURED, BATCH, JSON):
        case "application/cloudevents+json":
            return _with_data(elements.one(call.body, _EVENT))
        case "application/cloudevents-batch+json":
            return _with_data(_batch(call.body))
    return _binary(call)


def _with_data(found: Elements[CloudEvent]) -> Elements[CloudEvent]:
    """What is read of each event, and so pointed at, is its data."""
    return replace(found, at=[f"{at}/data" for at in found.at])


def _batch(body: bytes) -> Elements[CloudEvent]:
    events = bodies.fits(body, list[CloudEvent])
    given = bodies.decode(body, list[Any]) if events is None else events
    if not 0 < len(given) <= limits.ITEMS:
        raise invalid(f"A batch holds 1 to {limits.ITEMS:,} events, not {len(given):,}.")
    return elements.misshapen(given, _EVENT, "", [""] * len(given)) if events is None else elements.listed(events, "")


def _binary(call: Call) -> Elements[CloudEvent]:
    attributes = {name: _attribute(call.request, name) for name in ("specversion", "id", "source", "type")}
    if missing := [f"ce-{name}" for name, value in attributes.items() if not value]:
        raise invalid(f"Binary mode needs the headers {', '.join(missing)}; an event as a whole is {STRUCTURED}.")
    specversion, event_id, source, name = attributes.values()
    shape = TYPES.get(name)
    if specversion != "1.0" or shape is None:
        raise invalid(f"ce-specversion must be 1.0, and ce-type one of {', '.join(TYPES)}.")
    if len(event_id) > limits.ID or len(source) > limits.URL:
        raise invalid(f"ce-id has at most {limits.ID} characters, ce-source {limits.URL:,}.")
    event = partial(cast("Any", shape), specversion="1.0", id=event_id, source=source)
    try:
        return Elements([event(data=bodies.decode(call.body, _DATA[name]))], [""], [""])
    except Misfit as misfit:
        misfit.rest = misfit.rest and event(data=misfit.rest)
        return Elements([misfit], [""], [""])


def _attribute(request: HttpRequest, name: str) -> str:
    """CloudEvents' HTTP binding percent-encodes what a header cannot carry."""
    return unquote(request.META.get(f"HTTP_CE_{name.upper()}", ""))


def _scope(event: CloudEvent) -> Scope:
    return "ingest" if isinstance(event, ItemSentEvent) else "report"


def _event_id(_n: int, event: CloudEvent) -> str:
    if isinstance(event, AppealMadeEvent):
        return identity.of_appeal(event.data.appeal_id)
    return identity.of_cloud_event(event.source, event.id)


def _body(draft: Draft, event: CloudEvent, at: str, event_id: str) -> Body | None:
    match event:
        case ItemSentEvent(data=data):
            return drafting.sent(draft, data, at, event_id)
        case ReportMadeEvent(data=data):
            return drafting.reported(draft, data, at, event_id)
        case AppealMadeEvent(data=data):
            return drafting.appealed(draft, data, at, event_id)
