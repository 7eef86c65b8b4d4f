"""From Python's syntax tree of an expression to ours, with its type; or to what is wrong with it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from evenhand.engine.rules.check import calls, narrow, operators
from evenhand.engine.rules.check.scope import NOTHING, Facts, Scope, seen
from evenhand.engine.rules.parse.grammar import BINARY, COMPARE
from evenhand.engine.rules.tree import Binary, Compare, Expr, Format, ListOf, Literal, Logic, Name, Unary
from evenhand.engine.rules.types import (
    ANY,
    BOOL,
    EFFECT,
    FLOAT,
    INT,
    NONE,
    STR,
    Type,
    fits,
    is_optional,
    list_of,
    parts,
    without_none,
)

_NARROW = "compare with None first: {name} != None and {name} ..."
_INSTEAD = "give a value to be used instead: ResolveOptional(optional_value={name}, default_value={value})"
_EMPTY: Final = {STR: "''", INT: "0", FLOAT: "0.0"}


def read(node: ast.expr, scope: Scope, facts: Facts = NOTHING, wanted: Type = ANY) -> Expr:
    """`facts`: names that cannot be None here. `wanted` helps with lists, whose items say little; it is not held."""
    if isinstance(node, ast.List):
        return _list(node, scope, facts, wanted)
    return _BY_NODE[type(node)](node, scope, facts)


def conjunction(node: ast.List, scope: Scope, facts: Facts, wanted: Type) -> Expr:
    """A list of conditions that hold together: each is read knowing that those before it hold."""
    items = []
    for item in node.elts:
        items.append(read(item, scope, facts))
        facts = facts | narrow.told(items[-1], holds=True)
    return _items(node, tuple(items), scope, facts, wanted)


def _constant(node: ast.Constant, scope: Scope, _facts: Facts) -> Expr:
    value = node.value
    assert value is None or isinstance(value, str | int | float)  # the grammar has seen to it
    types = {str: STR, int: INT, float: FLOAT, bool: BOOL, type(None): NONE}
    return Literal(value, types[type(value)], scope.text.span(node))


def _list(node: ast.List, scope: Scope, facts: Facts, wanted: Type) -> Expr:
    item = next((one.args[0] for one in parts(wanted) if one.name == "list"), ANY)
    items = tuple(read(one, scope, facts, item) for one in node.elts)
    return _items(node, items, scope, facts, wanted)


def _items(node: ast.List, items: tuple[Expr, ...], scope: Scope, facts: Facts, wanted: Type) -> Expr:
    span = scope.text.span(node)
    types = [seen(item, facts) for item in items]
    for one in parts(wanted):
        if one.name == "list" and not one.args[0].name.startswith("$") and all(fits(it, one.args[0]) for it in types):
            return ListOf(items, one, span)
    joined = operators.joined(types)
    if joined is not None:
        return ListOf(items, list_of(joined), span)
    odd = next(at for at, type_ in enumerate(types) if not fits(type_, types[0]) and not fits(types[0], type_))
    return scope.refuse(
        node.elts[odd],
        f"a list has items of one type: this is {types[odd]}, the first is {types[0]}",
    )


def _name(node: ast.Name, scope: Scope, _facts: Facts) -> Expr:
    draft = scope.names.find(scope.text.path, node.id)
    if not draft:
        scope.problems.append(scope.names.unknown(scope.text, node, suggest=scope.suggests))
        return scope.unknown(node)
    known = scope.known.get(draft.key)
    return Name(draft.key, known.type if known else ANY, scope.text.span(node))


def _call(node: ast.Call, scope: Scope, facts: Facts) -> Expr:
    return calls.inner(node, scope, facts, READERS)


def _unary(node: ast.UnaryOp, scope: Scope, facts: Facts) -> Expr:
    operand = read(node.operand, scope, facts)
    type_ = seen(operand, facts)
    span = scope.text.span(node)
    if isinstance(node.op, ast.Not):
        if not operators.is_condition(type_):
            return _no_condition(node.operand, type_, "not", scope)
        return Unary("not", operand, BOOL, span)
    if isinstance(operand, Literal) and type(operand.value) in (int, float):
        return Literal(-operand.value, operand.type, span)  # type: ignore[operator]  # a number, as just seen
    result = operators.negated(type_)
    if result is None:
        refused = _refuse_calculation(node.operand, type_, scope)
        return refused or scope.refuse(node, f"- takes a number, not {type_}")
    return Unary("-", operand, result, span)


def _binary(node: ast.BinOp, scope: Scope, facts: Facts) -> Expr:
    operator = BINARY[type(node.op)]
    left, right = read(node.left, scope, facts), read(node.right, scope, facts)
    one, other = seen(left, facts), seen(right, facts)
    result = operators.arithmetic(operator, one, other)
    if result is not None:
        return Binary(operator, left, right, result, scope.text.span(node))
    if operators.arithmetic(operator, without_none(one), without_none(other)) is not None:
        refused = _refuse_calculation(node.left, one, scope) or _refuse_calculation(node.right, other, scope)
        if refused:
            return refused
    return scope.refuse(node, f"{operator} does not take {one} and {other}", _instead(operator, one, other))


def _instead(operator: str, left: Type, right: Type) -> str:
    if operator in "|&" and operators.is_condition(left) and operators.is_condition(right):
        return f"write {'or' if operator == '|' else 'and'}"
    if operator in "+%" and STR in (left, right):
        return "write an f-string: f'{A} {B}'"
    if operator == "+" and left.name == right.name == "list":
        return "use ConcatStringLists(lists=[A, B])"
    return ""


def _compare(node: ast.Compare, scope: Scope, facts: Facts) -> Expr:
    operator = COMPARE[type(node.ops[0])]
    left = read(node.left, scope, facts)
    right = read(node.comparators[0], scope, facts, left.type if operator in ("==", "!=") else list_of(left.type))
    refused = _refused(node, operator, seen(left, facts), seen(right, facts), scope)
    return refused or Compare(operator, left, right, BOOL, scope.text.span(node))


def _refused(node: ast.Compare, operator: str, left: Type, right: Type, scope: Scope) -> Expr | None:
    if EFFECT in (*parts(left), *parts(right)):
        return scope.refuse(node, "an effect cannot be compared")
    if operator in ("==", "!="):
        if operators.comparable(left, right):
            return None
        always = "False" if operator == "==" else "True"
        return scope.refuse(node, f"this is always {always}: {left} and {right} are never equal", _cast(left, right))
    second = node.comparators[0]
    if operator in ("in", "not in"):
        return _not_contained(node, operator, left, right, scope)
    if operators.ordered(left, right):
        return None
    refused = _refuse_optional(node.left, left, scope) or _refuse_optional(second, right, scope)
    return refused or scope.refuse(node, f"{operator} compares numbers, not {left} with {right}", _cast(left, right))


def _not_contained(node: ast.Compare, operator: str, item: Type, container: Type, scope: Scope) -> Expr | None:
    holds = operators.contained(item, container)
    if holds:
        return None
    second = node.comparators[0]
    if holds is None:
        refused = _refuse_optional(second, container, scope)
        return refused or scope.refuse(second, f"`{operator}` looks into a list or a string, not {container}")
    always = "False" if operator == "in" else "True"
    return scope.refuse(node, f"this is always {always}: {container} has no {item} in it", _cast(item, container))


def _cast(left: Type, right: Type) -> str:
    names = {one.name for type_ in (left, right) for one in parts(type_)}
    if "str" in names and names & {"int", "float"}:
        return "give the name that comes from JsonData the other type, and it is converted"
    return ""


def _refuse_calculation(node: ast.expr, type_: Type, scope: Scope) -> Expr | None:
    """Of a value that is calculated with: a comparison before it would make it one of True and False."""
    if not is_optional(type_):
        return None
    name = scope.text.shown(node)
    value = _EMPTY.get(without_none(type_), "...")
    return scope.refuse(node, f"{name} may be None: it is {type_}", _INSTEAD.format(name=name, value=value))


def _refuse_optional(node: ast.expr, type_: Type, scope: Scope) -> Expr | None:
    if not is_optional(type_):
        return None
    if isinstance(node, ast.Name):
        return scope.refuse(node, f"{node.id} may be None: it is {type_}", _NARROW.format(name=node.id))
    return scope.refuse(
        node, f"this may be None: it is {type_}", "assign it to a name, and compare that with None first"
    )


def _logic(node: ast.BoolOp, scope: Scope, facts: Facts) -> Expr:
    word = "and" if isinstance(node.op, ast.And) else "or"
    items: list[Expr] = []
    for value in node.values:
        item = read(value, scope, facts)
        type_ = seen(item, facts)
        if not operators.is_condition(type_):
            item = _no_condition(value, type_, word, scope)
        items.append(item)
        facts = facts | narrow.told(item, holds=word == "and")
    return Logic(word, tuple(items), BOOL, scope.text.span(node))


def _no_condition(node: ast.expr, type_: Type, word: str, scope: Scope) -> Expr:
    name = scope.text.shown(node)
    if is_optional(type_):
        hint = f"write {name} != None"
    elif type_ == STR:
        hint = f"write {name} != ''"
    elif type_ in (INT, FLOAT):
        hint = f"write {name} != 0"
    elif type_.name == "list":
        hint = f"write {name} != []"
    else:
        hint = ""
    return scope.refuse(node, f"`{word}` takes conditions (bool or Rule), not {type_}", hint)


def _format(node: ast.JoinedStr, scope: Scope, facts: Facts) -> Expr:
    parts_: list[str | Name] = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts_.append(str(value.value))
            continue
        assert isinstance(value, ast.FormattedValue)  # the grammar has seen to it
        name = read(value.value, scope, facts)
        if not isinstance(name, Name):
            return name
        if EFFECT in parts(name.type):
            return scope.refuse(node, f"{name.key} is an effect, which has no text")
        parts_.append(name)
    span = scope.text.span(node)
    if all(isinstance(part, str) for part in parts_):
        return Literal("".join(map(str, parts_)), STR, span)
    return Format(tuple(parts_), STR, span)


READERS: Final = calls.Readers(read, conjunction)
_BY_NODE: Final[dict[type[ast.expr], Callable[[Any, Scope, Facts], Expr]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: _call,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.JoinedStr: _format,
}
