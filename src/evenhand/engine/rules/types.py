"""The types of SML: what a value may be, which fits where, and how a Python annotation names them."""

from __future__ import annotations

import types as python_types
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from msgspec import Struct

from evenhand.engine.rules.values import Effect, Entity, Experiment, Rule


class Type(Struct, frozen=True, order=True):
    """`name` with its arguments: list[str] is Type("list", (STR,)). A union has its members sorted, without doubles."""

    name: str
    args: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.name == "Union":
            shown = " | ".join(str(one) for one in self.args if one != NONE)
            return f"Optional[{shown}]" if NONE in self.args else shown
        shown = {"list": "List"}.get(self.name, self.name)
        return f"{shown}[{', '.join(map(str, self.args))}]" if self.args else shown


STR, INT, FLOAT, BOOL, NONE = Type("str"), Type("int"), Type("float"), Type("bool"), Type("None")
ANY, NEVER = Type("Any"), Type("Never")
TIMEDELTA, RULE, EFFECT, EXPERIMENT = Type("TimeDelta"), Type("Rule"), Type("Effect"), Type("Experiment")
ENTITY = Type("Entity", (ANY,))
_PLAIN: dict[Any, Type] = {
    str: STR, int: INT, float: FLOAT, bool: BOOL, None: NONE, type(None): NONE, Any: ANY, object: ANY,
    timedelta: TIMEDELTA, Rule: RULE, Effect: EFFECT, Experiment: EXPERIMENT, Entity: ENTITY,
    list: Type("list", (ANY,)),
}  # fmt: skip


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def entity_of(key: Type) -> Type:
    return Type("Entity", (key,))


def variable(name: str) -> Type:
    """A type variable of a generic function: bound by its arguments."""
    return Type(f"${name}")


def union(members: Iterable[Type]) -> Type:
    flat = {one for member in members for one in parts(member)} - {NEVER}
    if ANY in flat:
        return ANY
    if not flat:
        return NEVER
    return next(iter(flat)) if len(flat) == 1 else Type("Union", tuple(sorted(flat)))


def optional(type_: Type) -> Type:
    return union([type_, NONE])


def parts(type_: Type) -> tuple[Type, ...]:
    """The members of a union; any other type alone."""
    return type_.args if type_.name == "Union" else (type_,)


def is_optional(type_: Type) -> bool:
    return NONE in parts(type_)


def takes_none(wanted: Type) -> bool:
    """Whether a parameter of this type may be given None."""
    return any(one in (NONE, ANY) or one.name.startswith("$") for one in parts(wanted))


def without_none(type_: Type) -> Type:
    return union(one for one in parts(type_) if one != NONE)


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for.

    An int is a float; a Rule is a bool; an Entity is not its id. Lists are invariant, but a list of nothing yet fits.
    """
    if ANY in (given, wanted) or given in (wanted, NEVER):
        return True
    if given.name == "Union":
        return all(fits(one, wanted) for one in given.args)
    if wanted.name == "Union":
        return any(fits(given, one) for one in wanted.args)
    return (given, wanted) in ((INT, FLOAT), (RULE, BOOL)) or _arguments_fit(given, wanted)


def _arguments_fit(given: Type, wanted: Type) -> bool:
    if given.name == wanted.name == "list":
        item, other = given.args[0], wanted.args[0]
        return item in (NEVER, other) or ANY in (item, other)
    return given.name == wanted.name == "Entity" and fits(given.args[0], wanted.args[0])


def of_annotation(annotation: Any) -> Type:
    """The type that a Python annotation of a function names.

    Raises TypeError: SML has no such type.
    """
    if isinstance(annotation, TypeVar):
        return variable(annotation.__name__)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return of_annotation(args[0])
    if origin in (Union, python_types.UnionType):
        return union(map(of_annotation, args))
    if origin is list:
        return list_of(of_annotation(args[0]))
    if origin is Entity:
        return entity_of(of_annotation(args[0]))
    raise TypeError(
        f"{annotation!r} is no type of SML: use str, int, float, bool, None, list, Entity, timedelta, unions"
    )
