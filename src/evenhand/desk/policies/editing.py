"""The document that follows from changing, adding, moving or removing one object. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from evenhand.engine import platform as engine
from evenhand.engine.platform import Platform
from evenhand.engine.platform.shape import plain

CLASSES: dict[str, type[Struct]] = {
    "platform": engine.Platform,
    "item_types": engine.ItemType,
    "policies": engine.Policy,
    "actions": engine.Action,
    "destinations": engine.Destination,
    "queues": engine.Queue,
    "lists": engine.WordList,
    "templates": engine.Template,
}
"""What is edited, by section; "platform" stands for the document's own keys."""


class Place(Struct, frozen=True):
    """Where an object stands: `id` "" is a new one. `position` counts from 1."""

    section: str
    id: str = ""
    position: int | None = None


def values_of(document: Platform, place: Place) -> dict[str, Any] | None:
    """The plain values of the object; None when it is not there. A new one is empty."""
    values = plain(document)
    if place.section == "platform":
        return values
    if not place.id:
        return {}
    return next((thing for thing in values.get(place.section, ()) if thing["id"] == place.id), None)


def with_object(document: Platform, place: Place, values: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The plain document with that object in it, and the object's path there."""
    whole = plain(document)
    if place.section == "platform":
        return {**{key: one for key, one in whole.items() if key in engine.SECTIONS}, **values}, ""
    things = [thing for thing in whole.get(place.section, ()) if not place.id or thing["id"] != place.id]
    at = _index(document, place, len(things))
    things.insert(at, values)
    return {**whole, place.section: things}, f"{place.section}[{at}]"


def without_object(document: Platform, place: Place) -> dict[str, Any]:
    whole = plain(document)
    things = [thing for thing in whole.get(place.section, ()) if thing["id"] != place.id]
    return {**whole, place.section: things}


def position(document: Platform, place: Place) -> int:
    """Where the object stands now, counted from 1; a new one comes last."""
    ids = [thing.id for thing in getattr(document, place.section)]
    return ids.index(place.id) + 1 if place.id in ids else len(ids) + 1


def _index(document: Platform, place: Place, last: int) -> int:
    wanted = place.position if place.position is not None else position(document, place)
    return min(max(wanted - 1, 0), last)
