"""JSON inside JSON: keys the item type does not know, and the containers of fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Unfit
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
        return [_inside(n, member, depth) for n, member in enumerate(value)]
    return {key(name): _inside(name, member, depth) for name, member in value.items()}


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
        return [member for _, member in _present(enumerate(value), read)]

    return coerce


def mapping(read: Coerce) -> Coerce:
    def coerce(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unfit(f"An object is needed, not {named(value)}.", {})
        check_width(value)
        return {key(name): member for name, member in _present(value.items(), read)}

    return coerce


def _present(members: Iterable[tuple[Any, Any]], read: Coerce) -> Iterable[tuple[Any, Any]]:
    """Those that are there: null means missing, inside a container as well."""
    for step, value in members:
        try:
            member = None if value is None else read(value)
        except Unfit as error:
            raise error.inside(step) from None
        if member is not None:
            yield step, member


def _inside(step: str | int, value: Any, depth: int) -> Any:
    try:
        return json_value(value, depth + 1)
    except Unfit as error:
        raise error.inside(step) from None
