"""What the roles of an item type's fields say about an item: who made it, where it stands, what a person would read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.reading.related import to_ref
from evenhand.desk.intake.reading.sense import is_link, is_media
from evenhand.desk.intake.reading.values import moment
from evenhand.engine.model import Media, Micros, Ref
from evenhand.engine.platform import Field, FieldRole, ItemType

_MEDIA_KINDS: dict[str, Literal["image", "video", "audio"]] = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}
_SUFFIXES: dict[str, Literal["image", "video", "audio"]] = {
    **dict.fromkeys([".mp4", ".webm", ".mov", ".mkv", ".avi", ".m4v"], "video"),
    **dict.fromkeys([".mp3", ".ogg", ".oga", ".wav", ".flac", ".m4a", ".aac", ".opus"], "audio"),
}
_LARGEST = 2**63 - 1


class Roles:
    """The roles of one item type, ready to be asked for any item's coerced data.

    The platform document is refused unless each role stands once, on one value of a type that fits it.
    """

    def __init__(self, item_type: ItemType) -> None:
        self._field = {field.role: field.name for field in item_type.fields if field.role}
        self._readable = [field for field in item_type.fields if field.type == "STRING"]
        self._links = [field for field in item_type.fields if field.type == "URL"]
        self._media = [field for field in item_type.fields if field.type in {*_MEDIA_KINDS, "MEDIA"}]

    def ref(self, role: FieldRole, data: dict[str, Any]) -> Ref | None:
        return to_ref(self._value(role, data))

    def created_at(self, data: dict[str, Any]) -> Micros | None:
        value = self._value("created_at", data)
        created = None if value is None else moment(value)
        return None if created is None else to_micros(created)

    def name(self, data: dict[str, Any]) -> str:
        value = self._value("name", data)
        return value if isinstance(value, str) else ""

    def deleted(self, data: dict[str, Any]) -> bool:
        return self._value("deleted", data) is True

    def views(self, data: dict[str, Any]) -> int | None:
        value = self._value("views", data)
        if not isinstance(value, int | float) or value < 0:
            return None
        return min(int(value), _LARGEST)

    def text(self, data: dict[str, Any]) -> str:
        return "\n".join(part for field in self._readable for part in _members(field, data) if part)

    def links(self, data: dict[str, Any]) -> tuple[str, ...]:
        return tuple(link for field in self._links for link in _members(field, data) if is_link(link))

    def media(self, data: dict[str, Any]) -> tuple[Media, ...]:
        found = (_media(field, value) for field in self._media for value in _members(field, data))
        return tuple(media for media in found if is_media(media.url))

    def _value(self, role: FieldRole, data: dict[str, Any]) -> Any:
        name = self._field.get(role)
        return None if name is None else data.get(name)


def _members(field: Field, data: dict[str, Any]) -> Iterable[Any]:
    """The field's value, or those in its container; nothing when it is missing."""
    value = data.get(field.name)
    if value is None:
        return ()
    match field.container:
        case "ARRAY":
            return cast("list[Any]", value)
        case "MAP":
            return cast("dict[str, Any]", value).values()
    return (value,)


def _media(field: Field, value: Any) -> Media:
    address = value["url"] if isinstance(value, dict) else value
    told = value if isinstance(value, dict) else {}
    kind = told.get("mediaType") or _MEDIA_KINDS.get(field.type) or _guessed(address)
    return Media(kind=kind, url=address, field=field.name, hashes=told.get("hashes", {}))


def _guessed(address: str) -> Literal["image", "video", "audio"]:
    return _SUFFIXES.get(PurePosixPath(urlsplit(address).path).suffix.lower(), "image")
