"""JSON inside JSON: keys the item type does not know, and the containers of fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Unfit, raise_all
from evenhand.desk.intake.reading.values import Coerce, named, text


def json_value(value: Any, depth: int = 2) -> Any:
    """Any JSON, within the limits; `depth` counts the levels around it, itself included. Raises Unfit."""
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, list | dict):
        return value
    if depth > limits.DEPTH:
        raise Unfit(f"Arrays and objects are nested more than {limits.DEPTH} deep.")
    check_width(value)
    if isinstance(value, list):
        return [member for _, member in _each(enumerate(value), lambda member: json_value(member, depth + 1))]
    return dict(_each(value.items(), lambda member: json_value(member, depth + 1), key))


def key(name: str) -> str:
    if len(name) > limits.KEY:
        raise Unfit(f"A key has {len(name):,} characters; at most {limits.KEY} are taken.")
    return text(name)


def check_width(value: list[Any] | dict[str, Any]) -> None:
    if len(value) > limits.WIDTH:
        raise Unfit(f"It has {len(value):,} members; at most {limits.WIDTH:,} are taken.")


def array(read: Coerce) -> Coerce:
    def coerce(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Unfit(f"An array is needed, not {named(value)}.", [])
        check_width(value)
        return [member for _, member in _each(enumerate(value), read) if member is not None]

    return coerce


def mapping(read: Coerce) -> Coerce:
    def coerce(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unfit(f"An object is needed, not {named(value)}.", {})
        check_width(value)
        return {name: member for name, member in _each(value.items(), read, key) if member is not None}

    return coerce


def _each(
    members: Iterable[tuple[Any, Any]], read: Coerce, name: Coerce = lambda step: step
) -> Iterator[tuple[Any, Any]]:
    """Every member as read, null as null. Raises Unfit at the end, with all that was wrong."""
    wrong: list[Unfit] = []
    for step, value in members:
        try:
            yield name(step), None if value is None else read(value)
        except Unfit as error:
            wrong.append(error.inside(step))
            if len(wrong) == limits.COUNTED:
                break
    raise_all(wrong)
