"""How each key of the document is edited: by a line, an area, a choice, rows."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec import inspect as types

from evenhand.engine.platform.shape import choices

Kind = Literal["line", "area", "number", "check", "select", "choices", "lines", "pairs", "rows", "loose"]
"""line: one line of text. lines: a list, one element a line. pairs: a table, `key = value` a line. choices: any of
several. rows: a table of objects. loose: text or number or truth, as another key says."""

AREAS = frozenset({"text", "guidance", "description", "message"})
REFERENCES: dict[str, str] = {
    "parent": "policies",
    "policy": "policies",
    "policies": "policies",
    "destination": "destinations",
    "appeal_destination": "destinations",
    "undo": "actions",
    "hold": "actions",
    "actions": "actions",
    "applies_to": "item_types",
    "item_types": "item_types",
    "default_item_type": "item_types",
    "dsa": "dsa",
}
"""Keys whose value is an id: of what."""


def fields(cls: type[Struct]) -> tuple[types.Field, ...]:
    found = types.type_info(cls)
    assert isinstance(found, types.StructType)
    return found.fields


def kind_of(field: types.Field) -> Kind:
    match field.type:
        case types.StrType() | types.UnionType() if field.name in REFERENCES:
            return "select"
        case types.UnionType(types=options):
            return "loose" if len(options) > _OPTIONAL else _scalar(options[0], field.name)
        case types.VarTupleType(item_type=types.StructType()):
            return "rows"
        case types.VarTupleType(item_type=item):
            return "choices" if field.name in REFERENCES or isinstance(item, types.LiteralType) else "lines"
    return _scalar(field.type, field.name)


_OPTIONAL = 2
"""A union of two is a type or nothing."""
_SCALARS: dict[type[types.Type], Kind] = {
    types.BoolType: "check",
    types.FloatType: "number",
    types.LiteralType: "select",
    types.DictType: "pairs",
}


def _scalar(kind: types.Type, name: str) -> Kind:
    return _SCALARS.get(type(kind), "area" if name in AREAS else "line")


def options_of(field: types.Field) -> tuple[str, ...]:
    """The words that a literal, or a list of literals, allows; nothing for other types."""
    match field.type:
        case types.LiteralType() as literal:
            return choices(literal)
        case types.VarTupleType(item_type=types.LiteralType() as literal):
            return choices(literal)
        case types.UnionType(types=(types.LiteralType() as literal, _)):
            return choices(literal)
    return ()


def part_of(field: types.Field) -> type[Struct]:
    """The Struct of which each row is one."""
    assert isinstance(field.type, types.VarTupleType)
    assert isinstance(field.type.item_type, types.StructType)
    return field.type.item_type.cls


def is_optional(field: types.Field) -> bool:
    return isinstance(field.type, types.UnionType)
