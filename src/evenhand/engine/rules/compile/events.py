"""What rules read from an event, as Python code: fields that are there and of their type take two lookups."""

from __future__ import annotations

from typing import Final

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.compile.code import Code
from evenhand.engine.rules.compile.expressions import Expressions
from evenhand.engine.rules.jsonread import reading
from evenhand.engine.rules.tree import Call
from evenhand.engine.rules.types import BOOL, FLOAT, INT, NONE, STR, Type, is_optional, parts

_PYTHON: Final = {STR: ("str",), INT: ("int",), BOOL: ("bool",), FLOAT: ("float", "int"), NONE: ()}


def read(call: Call, expressions: Expressions) -> Code:
    """A variable with what JsonData or EntityJson give."""
    wanted = reading(call)
    site = (call.span.file, call.span.line, call.span.column, expressions.feature)
    reader = expressions.constants.add(wanted, "reading")
    slow = f"read({reader}, context, {expressions.constants.add(site, 'site', site)})"
    name = expressions.fresh()
    steps = jsonpath.parse(wanted.path)
    fields = [one for one in steps if isinstance(one, str)]
    misfits = _misfits(name, wanted.type) if fields and len(fields) == len(steps) else None
    if misfits is None:
        expressions.lines.add(f"{name} = {slow}")
    else:
        expressions.lines.add(f"{name} = {_object(tuple(fields[:-1]), expressions)}.get({fields[-1]!a})")
        expressions.lines.add(f"if {misfits}: {name} = {slow}")
        if wanted.entity is not None:
            none = f"elif {name} is not None" if is_optional(wanted.type) else "else"
            expressions.lines.add(f"{none}: {name} = Entity({wanted.entity!a}, {name})")
    return Code(name, call.type, (f"{name} is FAILED",), bare=True)


def _object(path: tuple[str, ...], expressions: Expressions) -> str:
    """A variable with the object at a path; an empty one where there is none."""
    if not path:
        return "data"
    name = expressions.there.get(("object", *path))
    if name is None:
        above = _object(path[:-1], expressions)
        name = expressions.there["object", *path] = expressions.fresh()
        expressions.lines.add(f"{name} = {above}.get({path[-1]!a})")
        expressions.lines.add(f"if type({name}) is not dict: {name} = nothing")
    return name


def _misfits(name: str, type_: Type) -> str | None:
    """The test that a value is not of a type as it is; None where this takes more than a look at its class."""
    if not all(one in _PYTHON for one in parts(type_)):
        return None
    tests = [f"type({name}) is not {kind}" for one in parts(type_) for kind in _PYTHON[one]]
    return " and ".join([*tests, f"{name} is not None"] if is_optional(type_) else tests)
