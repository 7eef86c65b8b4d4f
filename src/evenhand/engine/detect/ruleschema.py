"""What the events of a desk hold, as its item types tell it: a JSON Schema for each action that rules may see.

It says of data what `ruleview` makes of an item. Keys that no field names are kept with an item and may be read, but
nobody told the desk of them: whoever checks rules against these schemas warns of such a path, and refuses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from evenhand.engine.detect.ruleview import KNOWN
from evenhand.engine.platform import Field, ItemType

_STRING: Final = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_ENTITY: Final = _object(type=_STRING, id=_STRING)
_RELATED: Final = _object(id=_STRING, typeId=_STRING, name=_STRING)
_MEDIUM: Final = _object(kind=_STRING, url=_STRING, field=_STRING)
_ITEM: Final = _object(
    type=_STRING,
    id=_STRING,
    kind={"enum": ["content", "user", "thread"]},
    text=_STRING,
    name=_STRING,
    links=_list(_STRING),
    media=_list(_MEDIUM),
    created_at={"type": ["string", "null"]},
    views={"type": ["integer", "null"]},
    partial={"type": "boolean"},
)
_ALWAYS: Final = {"item": _ITEM, "author": _ENTITY, "thread": _ENTITY, "parent": _ENTITY}
_REPORT: Final = _object(
    id=_STRING,
    reporter=_object(kind=_STRING, type=_STRING, id=_STRING),
    policy={"type": ["string", "null"]},
    reason=_STRING,
    csam={"type": "boolean"},
)
_APPEAL: Final = _object(id=_STRING, by=_ENTITY, reason=_STRING)
_VALUES: Final[Mapping[str, Mapping[str, Any]]] = {
    "STRING": _STRING, "URL": _STRING, "DATETIME": _STRING, "ID": _STRING, "EMAIL_ADDRESS": _STRING,
    "NUMBER": {"type": "number"}, "BOOLEAN": {"type": "boolean"}, "USER_ID": _RELATED, "RELATED_ITEM": _RELATED,
}  # fmt: skip
"""What intake makes of each type of field; of others the schema says only that they are there."""


def schemas(item_types: Iterable[ItemType]) -> dict[str, Any]:
    """By action name: `post`, `post_reported`, `post_appealed` for each type."""
    found: dict[str, Any] = {}
    for one in item_types:
        data = {field.name: _value(field) for field in one.fields}
        found[one.id] = _event(data)
        found[f"{one.id}_reported"] = _event(data, report=_REPORT)
        found[f"{one.id}_appealed"] = _event(data, appeal=_APPEAL)
    return found


def _event(data: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**data, KNOWN: _object(**_ALWAYS, **more)}}


def _value(field: Field) -> Mapping[str, Any]:
    value = _VALUES.get(field.type, {})
    match field.container:
        case "ARRAY":
            return _list(value)
        case "MAP":
            return {"type": "object", "additionalProperties": value or True}
    return value
