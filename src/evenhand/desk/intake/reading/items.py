"""Reads items under one platform document."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import UNSET, Struct

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.nesting import array, json_value, key, mapping
from evenhand.desk.intake.reading.problems import Problem, Unfit, pointer
from evenhand.desk.intake.reading.related import Types, related, unknown_type
from evenhand.desk.intake.reading.roles import Roles
from evenhand.desk.intake.reading.sense import sensible
from evenhand.desk.intake.reading.values import SCALARS, Coerce, identifier
from evenhand.engine.model import Item, Ref
from evenhand.engine.platform import Field, ItemType


class Names(NamedTuple):
    """What an API calls the parts of an item, as pointers from the item."""

    type: str
    id: str
    data: str


class Raw(Struct, frozen=True):
    """An item as an API was given it. `at` points at it in the request."""

    type: str
    id: str
    data: dict[str, Any]
    at: str
    names: Names
    partial: bool = False
    strict: bool = False
    """What makes no sense is refused (v2), and not only left unread (v1: peers' platforms lose no items)."""

    def pointer(self, *path: str | int) -> str:
        return pointer(f"{self.at}/{self.names.data}", path)


class Reader:
    """Everything that reading needs of one version of the platform document, prepared once."""

    def __init__(self, types: Types, version: int) -> None:
        self.types = types
        self.version = version
        self._readers = {type_id: _TypeReader(one, types, version) for type_id, one in types.items()}

    def item(self, raw: Raw, problems: list[Problem]) -> Item | None:
        """The item; or None, with everything that is wrong with it added to `problems`."""
        before = len(problems)
        ref = self.ref(raw.type, raw.id, problems, at=raw.at, names=raw.names)
        reader = self._readers.get(raw.type)
        if reader is None:
            return None
        item = reader.read(ref or Ref(raw.type, raw.id), raw, problems)
        return item if len(problems) == before else None

    def ref(self, type_id: str, id_: str, problems: list[Problem], *, at: str, names: Names) -> Ref | None:
        """The key of an item of a known type; or None, and why in `problems`."""
        before = len(problems)
        if type_id not in self.types:
            reason = unknown_type(self.types, type_id)
            problems.append(Problem(f"{at}/{names.type}", reason, next(iter(self.types), UNSET), "unknown"))
        try:
            identifier(id_)
        except Unfit as error:
            problems.append(Problem(f"{at}/{names.id}", error.reason, error.example))
        return Ref(type_id, id_) if len(problems) == before else None


class _TypeReader:
    """One item type, its fields ready to be read."""

    def __init__(self, item_type: ItemType, types: Types, version: int) -> None:
        self._type = item_type
        self._version = version
        self._fields = [(field, _coercion(field, types)) for field in item_type.fields]
        self._strict = [(field, _coercion(field, types, strict=True)) for field in item_type.fields]
        self._names = {field.name for field in item_type.fields}
        self._roles = Roles(item_type)

    def read(self, ref: Ref, raw: Raw, problems: list[Problem]) -> Item:
        data = self._known(raw, problems)
        self._keep_others(raw, data, problems)
        roles = self._roles
        return Item(
            ref=ref,
            kind=self._type.kind,
            data=data,
            platform=self._version,
            partial=raw.partial,
            creator=roles.ref("creator", data),
            thread=roles.ref("thread", data),
            parent=roles.ref("parent", data),
            created_at=roles.created_at(data),
            name=roles.name(data),
            deleted=roles.deleted(data),
            views=roles.views(data),
            text=roles.text(data),
            links=roles.links(data),
            media=roles.media(data),
        )

    def _known(self, raw: Raw, problems: list[Problem]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for field, coerce in self._strict if raw.strict else self._fields:
            given = raw.data.get(field.name)
            try:
                value = None if given is None else coerce(given)
            except Unfit as error:
                problems += _told(raw, field.name, error, self._type)
                continue
            if value is not None:
                read[field.name] = value
            elif field.required and not raw.partial:
                problems.append(_missing(raw, field, self._type))
        return read

    def _keep_others(self, raw: Raw, read: dict[str, Any], problems: list[Problem]) -> None:
        """Keys that the type does not know are kept as they came, within the limits."""
        if len(raw.data) > limits.WIDTH:
            problems.append(Problem(raw.pointer(), f"It has more than {limits.WIDTH:,} fields.", about="data"))
            return
        for name, value in raw.data.items():
            if name in self._names:
                continue
            try:
                read[key(name)] = json_value(value)
            except Unfit as error:
                problems += _told(raw, name, error, self._type)


def _coercion(field: Field, types: Types, *, strict: bool = False) -> Coerce:
    match field.type:
        case "USER_ID":
            read = related(types, "user")
        case "RELATED_ITEM":
            read = related(types)
        case scalar:
            read = sensible(field, SCALARS[scalar]) if strict else SCALARS[scalar]
    match field.container:
        case "ARRAY":
            return array(read)
        case "MAP":
            return mapping(read)
    return read


def _told(raw: Raw, field: str, error: Unfit, item_type: ItemType) -> list[Problem]:
    where = f'(field "{field[: limits.KEY]}" of item type "{item_type.name}")'
    return [
        Problem(
            raw.pointer(*(str(step)[: limits.KEY] for step in (field, *one.path))),
            f"{one.reason} {where}",
            one.example,
            "data",
        )
        for one in error.all
    ]


def _missing(raw: Raw, field: Field, item_type: ItemType) -> Problem:
    reason = f'The field "{field.name}" is required by item type "{item_type.name}".'
    return Problem(raw.pointer(field.name), reason, EXAMPLES.get(field.type, UNSET), "data")


EXAMPLES: dict[str, Any] = {
    "STRING": "some text",
    "NUMBER": 13,
    "BOOLEAN": True,
    "DATETIME": "2026-01-31T12:00:00Z",
    "URL": "https://example.com/page",
    "USER_ID": {"id": "user-1", "typeId": "user"},
    "RELATED_ITEM": {"id": "post-1", "typeId": "post"},
}
