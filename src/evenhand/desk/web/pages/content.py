"""An item as a person would read it: its words first, media closed, the rest of its fields at hand."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from evenhand.desk.fields import from_micros
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Item, Media, Ref

MEDIA_TYPES = frozenset({"IMAGE", "VIDEO", "AUDIO", "MEDIA"})
LONGEST_VALUE = 2_000


class Line(Struct, frozen=True):
    """A field and its value, in words."""

    name: str
    value: str
    long: bool = False


class Link(Struct, frozen=True):
    """Where a link leads. It is shown before it is followed."""

    host: str
    url: str
    followable: bool


class Content(Struct, frozen=True):
    ref: Ref
    type_name: str
    kind: str
    name: str
    author: Ref | None
    author_name: str
    texts: list[Line]
    details: list[Line]
    links: list[Link]
    media: list[Media]
    posted: datetime | None
    known: Known | None

    @property
    def empty(self) -> bool:
        return not (self.texts or self.media or self.name)


def content(ref: Ref, known: Known | None, snapshot: Snapshot, author: Known | None = None) -> Content:
    """`known` is None for an item that the desk has only heard of by its id."""
    type_ = snapshot.item_types.get(ref.type)
    item = known.item if known else None
    texts, details = _fields(item, snapshot) if item else ([], [])
    creator = item.creator if item else None
    return Content(
        ref=ref,
        type_name=type_.name if type_ else ref.type,
        kind=type_.kind if type_ else (item.kind if item else "content"),
        name=item.name if item else "",
        author=creator,
        author_name=_name(creator, author),
        texts=texts,
        details=details,
        links=[link(url) for url in item.links] if item else [],
        media=list(item.media) if item else [],
        posted=from_micros(item.created_at) if item and item.created_at else None,
        known=known,
    )


def _name(creator: Ref | None, author: Known | None) -> str:
    if author and author.item.name:
        return author.item.name
    return creator.id if creator else ""


def link(url: str) -> Link:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return Link("", url, followable=False)
    return Link(host, url, followable=bool(host) and parts.scheme in {"http", "https"})


def _fields(item: Item, snapshot: Snapshot) -> tuple[list[Line], list[Line]]:
    """The item's words, and all its other fields, in the order of its type; fields without a declaration come last."""
    type_ = snapshot.item_types.get(item.ref.type)
    declared = {field.name: field for field in type_.fields} if type_ else {}
    texts, details = [], []
    for name in [*declared, *(name for name in item.data if name not in declared)]:
        if name not in item.data:
            continue
        field = declared.get(name)
        line = _line(name, item.data[name])
        if field and field.type == "STRING" and field.role is None:
            texts.append(line)
        elif not (field and field.type in MEDIA_TYPES):
            details.append(line)
    return texts, details


def _line(name: str, value: Any) -> Line:
    text = _words(value)
    return Line(name.replace("_", " "), text, long=len(text) > LONGEST_VALUE)


def _words(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case list() if all(isinstance(one, str | int | float) for one in value):
            return "\n".join(str(one) for one in value)
        case {"id": str(id_), **_rest}:
            return id_
        case None | dict() | list():
            return json.dumps(value, ensure_ascii=False, indent=1)
        case _:
            return str(value)
