"""Paths of JsonData and EntityJson: whether they can be read, and whether the events have them, as the type told."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Final

from evenhand.engine.rules import jsonpath, schema
from evenhand.engine.rules.check.scope import Scope
from evenhand.engine.rules.jsonpath import NotAPath, Path
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.tree import Call, Literal
from evenhand.engine.rules.types import ANY, INT, NEVER, NONE, STR, Type, fits, parts, union

READERS: Final = ("JsonData", "EntityJson")


def check(call: Call, node: ast.Call, scope: Scope) -> None:
    """Notes what is wrong with the path of a call whose type is known by now."""
    given = call.arguments.get("path")
    if call.function.name not in READERS or not isinstance(given, Literal) or not isinstance(given.value, str):
        return
    place = next(keyword.value for keyword in node.keywords if keyword.arg == "path")
    try:
        path = jsonpath.parse(given.value)
    except NotAPath as wrong:
        scope.problems.append(scope.text.problem(_inside(scope, place, wrong.at, 1), wrong.message, wrong.hint))
        return
    if scope.schemas:
        _held_against(scope.schemas, path, call, place, scope)


def _held_against(schemas: Mapping[str, Any], path: Path, call: Call, place: ast.expr, scope: Scope) -> None:
    found = schema.find(schemas, path)
    if found.type == NEVER:
        _nowhere(found, path, place, scope)
        return
    wanted = _wanted(call.type)
    if not _may_be(found.type, wanted) and not _converted(call):
        message = f"the events have {found.type} there, not {wanted}"
        hint = "tell the type that it has, or write coerce_type=True to have it converted"
        _tell(scope.text.span(place), message, hint, scope)


def _nowhere(found: schema.Found, path: Path, place: ast.expr, scope: Scope) -> None:
    step = path[found.at]
    if isinstance(step, str):
        before = jsonpath.shown(path[: found.at])
        hint = scope.meant(step, found.near) or _they_have(found.near)
        _tell(_word(scope, place, step), f"no event has the field {step!r} in {before}", hint, scope)
    else:
        _tell(scope.text.span(place), f"no event has a list at {jsonpath.shown(path[: found.at])}", "", scope)


def _tell(span: Span, message: str, hint: str, scope: Scope) -> None:
    """A mistake against the author's own schemas. Against what others take the events to be it is a warning, and a
    mistake in strict files alone."""
    warning = scope.presumed and not scope.strict
    if scope.presumed:
        hint = f"{hint}; or tell what the events have: `event_schemas` in the configuration".lstrip("; ")
    scope.problems.append(scope.text.problem(span, message, hint, warning=warning))


def _they_have(names: tuple[str, ...]) -> str:
    most = 8
    if not names:
        return ""
    return f"there is {', '.join(names[:most])}" + (" …" if len(names) > most else "")


def _wanted(type_: Type) -> Type:
    """The value that the event must have: an entity is made from its id."""
    found = union(parts(type_)) if type_.name != "Entity" else type_.args[0]
    members = (key for one in parts(found) for key in (one.args if one.name == "Entity" else (one,)))
    wanted = union(one for one in members if one != NONE)
    return union([STR, INT]) if wanted == NEVER else wanted


def _may_be(found: Type, wanted: Type) -> bool:
    possible = [one for one in parts(found) if one != NONE]
    return ANY in (found, wanted) or not possible or any(fits(one, wanted) or fits(wanted, one) for one in possible)


def _converted(call: Call) -> bool:
    """Whether the author asks for a conversion in so many words."""
    written = call.arguments.get("coerce_type")
    return isinstance(written, Literal) and written.value is True


def _word(scope: Scope, place: ast.expr, word: str) -> Span:
    written = scope.text.span(place)
    line = scope.text.line(written.line)[: written.end_column - 1]
    at = line.rfind(word, written.column - 1)
    return written if at < 0 or written.end_line != written.line else _wide(written, at + 1, len(word))


def _inside(scope: Scope, place: ast.expr, at: int, width: int) -> Span:
    """The place of a character of a string, where it is written without escapes."""
    written = scope.text.span(place)
    value = place.value if isinstance(place, ast.Constant) else None
    start = written.column + 1
    line = scope.text.line(written.line)
    if not isinstance(value, str) or line[start - 1 : start - 1 + len(value)] != value:
        return written
    return _wide(written, min(start + at, start + len(value)), width)


def _wide(span: Span, column: int, width: int) -> Span:
    return Span(span.file, span.line, column, span.line, column + width)
