"""Calls of functions: every argument known, given once, and of a type that fits."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from evenhand.engine.rules.check import configured, constants, files, generics
from evenhand.engine.rules.check.scope import Facts, Scope, seen
from evenhand.engine.rules.function import REQUIRED, Function, Parameter
from evenhand.engine.rules.tree import Call, Expr, ListOf, Literal, Name
from evenhand.engine.rules.types import ANY, Type, fits, is_optional, without_none


class Readers(NamedTuple):
    """How arguments are read: any expression, and a list of conditions that hold together."""

    read: Callable[[ast.expr, Scope, Facts, Type], Expr]
    conjunction: Callable[[ast.List, Scope, Facts, Type], Expr]


HOLD_TOGETHER: Final = ("when_all", "when")
"""Parameters that take conditions of which all must hold."""


def inner(node: ast.Call, scope: Scope, facts: Facts, readers: Readers) -> Expr:
    """A call inside of another expression, where its type must be known."""
    call = read_call(node, scope, facts, readers)
    if isinstance(call, Call) and is_dynamic(call.function):
        name = call.function.name
        hint = f"write Name: str = {name}(...) with the type that it has, and use Name here"
        return scope.refuse(node, f"the type of {name}(...) is not known here", hint)
    return call


def is_dynamic(function: Function) -> bool:
    """Whether only the annotation of the name that it is assigned to can tell what comes back."""
    return _has_any(function.result)


def _has_any(type_: Type) -> bool:
    return type_ == ANY or any(map(_has_any, type_.args))


def read_call(node: ast.Call, scope: Scope, facts: Facts, readers: Readers) -> Expr:
    """The call, with every argument of a type that fits."""
    assert isinstance(node.func, ast.Name)  # the grammar has seen to it
    if files.is_link(node):
        return scope.refuse(node, f"{node.func.id}(...) is a statement of its own", "it gives no value")
    function = scope.functions.get(node.func.id)
    if not function:
        for keyword in node.keywords:
            readers.read(keyword.value, scope, facts, ANY)
        hint = scope.meant(node.func.id, scope.functions)
        return scope.refuse(node.func, f"unknown function {node.func.id!r}", hint)
    if function.broken:
        return _without_value(function, node, scope, facts, readers)
    reading = _Arguments(function, scope, facts, readers)
    given = {name: reading.value(keyword) for name, keyword in _given(node, function, scope).items()}
    call = Call(
        function,
        {name: given[name] for name in _in_order(function, given)},
        generics.filled(function.result, reading.bound),
        scope.text.span(node),
    )
    configured.check(call, node, scope)
    constants.check(call, node, scope)
    return call


def _without_value(function: Function, node: ast.Call, scope: Scope, facts: Facts, readers: Readers) -> Expr:
    """A call of a function that cannot be had: of any type, for its own is not known."""
    for keyword in node.keywords:
        readers.read(keyword.value, scope, facts, ANY)
    scope.doubt(node.func, function.doc, "mend that package, or do not call the function")
    return Call(function, {}, ANY, scope.text.span(node))


def _given(node: ast.Call, function: Function, scope: Scope) -> dict[str, ast.keyword]:
    fixed = function.parameters[:-1] if function.variadic else function.parameters
    names = [one.name for one in fixed]
    given: dict[str, ast.keyword] = {}
    for keyword in node.keywords:
        name = str(keyword.arg)
        if name in given:
            scope.refuse(keyword, f"the argument {name!r} is given twice", "leave one out")
        elif name not in names and not function.variadic:
            hint = scope.meant(name, names) or f"it is {function.signature}"
            scope.refuse(keyword, f"{function.name} has no argument {name!r}", hint)
        else:
            given[name] = keyword
    missing = [one.name for one in fixed if one.default is REQUIRED and one.name not in given]
    if missing:
        words = "the argument" if len(missing) == 1 else "the arguments"
        shown = ", ".join(map(repr, missing))
        scope.refuse(node, f"{function.name} needs {words} {shown}", f"it is {function.signature}")
    return given


def _parameter(function: Function, name: str) -> Parameter:
    last = function.parameters[-1]
    return next((one for one in function.parameters if one.name == name), last)


def _in_order(function: Function, arguments: dict[str, Expr]) -> list[str]:
    fixed = [one.name for one in function.parameters if one.name in arguments]
    return [*fixed, *(name for name in arguments if name not in fixed)]


class _Arguments:
    """The arguments of one call, and what they make of the function's type variables."""

    def __init__(self, function: Function, scope: Scope, facts: Facts, readers: Readers) -> None:
        self.function, self.scope, self.facts, self.readers = function, scope, facts, readers
        self.bound: generics.Bound = {}

    def value(self, keyword: ast.keyword) -> Expr:
        parameter = _parameter(self.function, str(keyword.arg))
        together = parameter.name in HOLD_TOGETHER and isinstance(keyword.value, ast.List)
        read: Callable[[Any, Scope, Facts, Type], Expr] = self.readers.conjunction if together else self.readers.read
        value = read(keyword.value, self.scope, self.facts, parameter.type)
        given = seen(value, self.facts)
        generics.bind(parameter.type, given, self.bound)
        wanted = generics.filled(parameter.type, self.bound)
        if not fits(given, wanted):
            message = f"{self.function.name}: the argument {keyword.arg!r} is {wanted}, not {given}"
            return self.scope.refuse(keyword.value, message, _to_fit(keyword.value, given, wanted))
        return self._written_out(value, keyword) if parameter.constant else value

    def _written_out(self, value: Expr, keyword: ast.keyword) -> Expr:
        if value.type == ANY:
            return value
        constant = value
        if isinstance(value, Name) and value.key in self.scope.known:
            constant = self.scope.known[value.key].value
        if is_constant(constant):
            return constant
        message = f"{self.function.name}: the argument {keyword.arg!r} must be written out"
        return self.scope.refuse(keyword.value, message, "it must be known before any event")


def _to_fit(node: ast.expr, given: Type, wanted: Type) -> str:
    if is_optional(given) and fits(without_none(given), wanted):
        name = node.id if isinstance(node, ast.Name) else "Name"
        return f"write ResolveOptional(optional_value={name}, default_value=...), or {name} != None and ... before it"
    if given.name == "Entity" and fits(given.args[0], wanted):
        return "an entity is not its id: read the id into a name of its own with JsonData"
    return ""


def is_constant(value: Expr) -> bool:
    """Whether it is a literal, or a list of them."""
    return isinstance(value, Literal) or (isinstance(value, ListOf) and all(map(is_constant, value.items)))
