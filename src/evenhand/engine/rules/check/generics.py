"""Type variables of generic functions: what they stand for, inferred from the arguments."""

from __future__ import annotations

from evenhand.engine.rules.types import NEVER, Type, fits, parts, union

Bound = dict[str, Type]


def is_variable(type_: Type) -> bool:
    return type_.name.startswith("$")


def bind(wanted: Type, given: Type, bound: Bound) -> None:
    """Notes in `bound` what the variables of `wanted` stand for when `given` is put there."""
    if is_variable(wanted):
        _meet(wanted.name, given, bound)
    elif wanted.name == "Union":
        plain = [one for one in wanted.args if not _open(one)]
        rest = union(one for one in parts(given) if not any(fits(one, other) for other in plain))
        for one in wanted.args:
            if _open(one) and rest != NEVER:
                bind(one, rest, bound)
    elif wanted.name == given.name:
        for one, other in zip(wanted.args, given.args, strict=False):
            bind(one, other, bound)


def filled(type_: Type, bound: Bound) -> Type:
    """The type with its variables replaced."""
    if is_variable(type_):
        return bound.get(type_.name, NEVER)
    if type_.name == "Union":
        return union(filled(one, bound) for one in type_.args)
    return Type(type_.name, tuple(filled(one, bound) for one in type_.args))


def _meet(name: str, given: Type, bound: Bound) -> None:
    before = bound.get(name, NEVER)
    if before == NEVER or fits(before, given):
        bound[name] = given


def _open(type_: Type) -> bool:
    return is_variable(type_) or any(map(_open, type_.args))
