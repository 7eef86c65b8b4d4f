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


class Event:
    """Which objects within the event are in variables already, where the code stands now."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, ...], str] = {}

    def read(self, call: Call, expressions: Expressions) -> Code:
        """A variable with what JsonData or EntityJson give."""
        wanted = reading(call)
        site = (call.span.file, call.span.line, call.span.column, expressions.feature)
        reader = expressions.constants.add(wanted, "reading")
        slow = f"read({reader}, data, errors, {expressions.constants.add(site, 'site', site)})"
        name = expressions.fresh()
        path = [one for one in jsonpath.parse(wanted.path) if isinstance(one, str)]
        plain = bool(path) and len(path) == len(jsonpath.parse(wanted.path))
        fits = _fits(name, wanted.type) if plain else None
        if fits is None:
            expressions.lines.add(f"{name} = {slow}")
        else:
            expressions.lines.add(f"{name} = {self._object(tuple(path[:-1]), expressions)}.get({path[-1]!a})")
            with expressions.lines.block(f"if {fits}:"):
                if wanted.entity is not None:
                    made = f"Entity({wanted.entity!a}, {name})"
                    none = is_optional(wanted.type)
                    expressions.lines.add(
                        f"{name} = None if {name} is None else {made}" if none else f"{name} = {made}"
                    )
            with expressions.lines.block("else:"):
                expressions.lines.add(f"{name} = {slow}")
        may_fail = call.type.name != "Any"
        return Code(name, call.type, (f"{name} is FAILED",) if may_fail else (), bare=True)

    def _object(self, path: tuple[str, ...], expressions: Expressions) -> str:
        """A variable with the object at a path; an empty one where there is none."""
        if not path:
            return "data"
        name = self.objects.get(path)
        if name is None:
            above = self._object(path[:-1], expressions)
            name = self.objects[path] = expressions.fresh()
            expressions.lines.add(f"{name} = {above}.get({path[-1]!a})")
            expressions.lines.add(f"if type({name}) is not dict: {name} = nothing")
        return name


def _fits(name: str, type_: Type) -> str | None:
    """The test that a value is of a type as it is; None where this takes more than a look at its class."""
    if not all(one in _PYTHON for one in parts(type_)):
        return None
    tests = [f"type({name}) is {kind}" for one in parts(type_) for kind in _PYTHON[one]]
    return " or ".join([*tests, f"{name} is None"] if is_optional(type_) else tests)
