"""Pointers from one item to another: each names a type that the platform has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Unfit, raise_all
from evenhand.desk.intake.reading.values import Coerce, identifier, named, text
from evenhand.engine.model import ItemKind, Ref
from evenhand.engine.platform import ItemType

Types = Mapping[str, ItemType]


def sole(types: Types, kind: ItemKind) -> str | None:
    """The one type of this kind; None when there are more, or none: then a bare id says too little."""
    found = [one.id for one in types.values() if one.kind == kind]
    return found[0] if len(found) == 1 else None


def related(types: Types, kind: ItemKind | None = None) -> Coerce:
    """Reads `{"id", "typeId"}` (or `type`), and a `name` if given. A bare id is enough for the only type of a kind."""
    only = sole(types, kind) if kind else None
    example = {"id": "user-1", "typeId": only or next(iter(types), "user")}

    def coerce(value: Any) -> dict[str, str] | None:
        if value == "":
            return None
        if isinstance(value, str | int) and not isinstance(value, bool) and only:
            value = {"id": str(value), "typeId": only}
        if not isinstance(value, dict):
            raise Unfit(f"An object with id and typeId is needed, not {named(value)}.", example)
        name = value.get("name")
        read = _both(
            lambda: {"typeId": _type(types, _member(value, "typeId", value.get("type"), example), kind)},
            lambda: {"id": _member(value, "id", None, example)},
        )
        return {**read, "name": text(name)} if isinstance(name, str) else read

    return coerce


def _both(*parts: Callable[[], dict[str, str]]) -> dict[str, str]:
    """All parts together. Raises Unfit with what is wrong with each."""
    read: dict[str, str] = {}
    wrong: list[Unfit] = []
    for part in parts:
        try:
            read |= part()
        except Unfit as error:
            wrong.append(error)
    raise_all(wrong)
    return read


def _type(types: Types, type_id: str, kind: ItemKind | None = None) -> str:
    """Raises Unfit, inside `typeId`: the platform has no such type, or it is of another kind."""
    known = types.get(type_id)
    if known is None:
        raise Unfit(unknown_type(types, type_id), next(iter(types), UNSET)).inside("typeId")
    if kind and known.kind != kind:
        raise Unfit(f'Item type "{type_id}" is of kind {known.kind}; one of kind {kind} is needed.').inside("typeId")
    return type_id


def unknown_type(types: Types, type_id: str) -> str:
    if not types:
        return "No item types are configured: run `evenhand apply platform.toml` first."
    return f'Item type "{type_id[: limits.TYPE_ID]}" is not in the platform document.'


def to_ref(value: Any) -> Ref | None:
    """What `related` read, as a key."""
    return Ref(value["typeId"], value["id"]) if isinstance(value, dict) else None


def _member(value: dict[str, Any], name: str, fallback: Any, example: Any) -> str:
    found = value.get(name, fallback)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str):
        raise Unfit(f"`{name}` is needed, a string, not {named(found)}.", example["id" if name == "id" else "typeId"])
    try:
        return identifier(found)
    except Unfit as error:
        raise error.inside(name) from None
