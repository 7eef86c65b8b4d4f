"""What a request holds: one thing, or a batch of them; each is read for itself when the sender wants the rest kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from evenhand.desk.intake.api import bodies
from evenhand.desk.intake.api.operations import JSON, Call, Parameter
from evenhand.desk.intake.api.refusals import INVALID, Refused, invalid
from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Problem

G = TypeVar("G")

ATOMIC = Parameter(
    "atomic",
    "query",
    "`true` (the default): all things of the request are kept, or none. `false`: those that can be read are kept,"
    " and the answer tells what is wrong with each of the others.",
    schema={"type": "string", "enum": ["true", "false"], "default": "true"},
)


class Elements(Struct, Generic[G], frozen=True):
    """Each thing as given, or why it has no such shape. `at` are the pointers to them."""

    given: Sequence[G | Refused]
    at: Sequence[str]
    ids: Sequence[str]
    """What to call those that have no shape, as far as it can be seen."""


def is_atomic(call: Call) -> bool:
    match call.query("atomic"):
        case None | "true":
            return True
        case "false":
            return False
    raise invalid("The query parameter `atomic` is true or false.")


def of(call: Call, one: type[G], many: type[Any], name: str, id_name: str = "id") -> Elements[G]:
    """One `one`, or as many as the body's member `name` has. Raises Refused: nothing in it can be read."""
    bodies.must_be(call.request, JSON)
    body = call.body
    if name not in bodies.members(body):
        return Elements([bodies.decode(body, one)], [""], [""])
    try:
        given = getattr(bodies.decode(body, many), name)
    except Refused as refused:
        if is_atomic(call):
            raise
        return _one_by_one(bodies.parse(body), one, name, id_name, refused)
    return Elements(given, [f"/{name}/{n}" for n in range(len(given))], [""] * len(given))


def single(call: Call, shape: type[G]) -> Elements[G]:
    bodies.must_be(call.request, JSON)
    return Elements([bodies.decode(call.body, shape)], [""], [""])


def _one_by_one(parsed: dict[str, Any], one: type[G], name: str, id_name: str, refused: Refused) -> Elements[G]:
    given = parsed[name]
    if not isinstance(given, list) or not 0 < len(given) <= limits.ITEMS or len(parsed) > 1:
        raise refused
    at = [f"/{name}/{n}" for n in range(len(given))]
    shaped = [_shaped(thing, one, place) for thing, place in zip(given, at, strict=True)]
    return Elements(shaped, at, [_id(thing, id_name) for thing in given])


def _shaped(thing: Any, one: type[G], at: str) -> G | Refused:
    try:
        return msgspec.convert(thing, one)
    except msgspec.ValidationError:
        return _why(thing, one, at)


def _why(thing: Any, one: type[G], at: str) -> Refused:
    try:
        bodies.convert(thing, one, at)
    except Refused as refused:
        return refused
    return Refused(INVALID, problems=[Problem(at, "It cannot be read.")])


def _id(thing: Any, name: str) -> str:
    found = thing.get(name) if isinstance(thing, dict) else None
    return found[: limits.ID] if isinstance(found, str) else ""
