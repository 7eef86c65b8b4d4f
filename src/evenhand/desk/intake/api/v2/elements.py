"""What a request holds: one thing, or a batch of them; each is read for itself when the sender wants the rest kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct

from evenhand.desk.intake.api import bodies
from evenhand.desk.intake.api.bodies import Misfit
from evenhand.desk.intake.api.operations import JSON, Call, Parameter
from evenhand.desk.intake.api.refusals import invalid
from evenhand.desk.intake.api.shapes import examine
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

    given: Sequence[G | Misfit]
    at: Sequence[str]
    ids: Sequence[str]
    """What to call those that have no shape, as far as it can be seen."""
    around: Sequence[Problem] = ()
    """What is wrong with the request beside the things in it; then none of them is kept."""


def is_atomic(call: Call) -> bool:
    match call.query("atomic"):
        case None | "true":
            return True
        case "false":
            return False
    raise invalid("The query parameter `atomic` is true or false.")


def of(call: Call, shape: type[G], many: type[Any], name: str, id_name: str = "id") -> Elements[G]:
    """One thing, or as many as the body's member `name` has. Raises Refused: nothing in it can be read."""
    bodies.must_be(call.request, JSON)
    body = call.body
    if name not in bodies.members(body):
        return one(body, shape)
    batch = bodies.fits(body, many)
    if batch is not None:
        return listed(getattr(batch, name), f"/{name}")
    parsed = bodies.parse(body)
    given = parsed[name]
    if not isinstance(given, list) or not 0 < len(given) <= limits.ITEMS:
        bodies.convert(parsed, many, "")
    around = [problem for problem in examine({**parsed, name: []}, many).problems if problem.pointer != f"/{name}"]
    return misshapen(given, shape, f"/{name}", [_id(thing, id_name) for thing in given], around)


def one(body: bytes, shape: type[G]) -> Elements[G]:
    try:
        return Elements([bodies.decode(body, shape)], [""], [""])
    except Misfit as misfit:
        return Elements([misfit], [""], [""])


def listed(given: Sequence[G], at: str) -> Elements[G]:
    return Elements(given, [f"{at}/{n}" for n in range(len(given))], [""] * len(given))


def misshapen(
    given: Sequence[Any], shape: type[G], at: str, ids: Sequence[str], around: Sequence[Problem] = ()
) -> Elements[G]:
    """Each thing for itself, with all its mistakes; when there are very many, of the later ones the first mistake."""
    places = [f"{at}/{n}" for n in range(len(given))]
    read: list[G | Misfit] = []
    left = limits.COUNTED
    for thing, place in zip(given, places, strict=True):
        read.append(_converted(thing, shape, place, max(1, left)))
        left -= len(read[-1].problems) if isinstance(read[-1], Misfit) else 0
    return Elements(read, places, ids, around)


def _converted(thing: Any, shape: type[G], at: str, most: int) -> G | Misfit:
    try:
        return bodies.convert(thing, shape, at, most)
    except Misfit as misfit:
        return misfit


def _id(thing: Any, name: str) -> str:
    found = thing.get(name) if isinstance(thing, dict) else None
    return found[: limits.ID] if isinstance(found, str) else ""
