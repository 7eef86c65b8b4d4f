"""Comparisons in Python code: FAILED is as None to == and in; < with None is False."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.rules import operate
from evenhand.engine.rules.compile.code import UNKNOWN, Code, condition, joined
from evenhand.engine.rules.compile.expressions import Expressions
from evenhand.engine.rules.tree import Compare, ListOf, Literal
from evenhand.engine.rules.types import ANY, BOOL, FLOAT, INT, NONE, RULE, STR, TIMEDELTA, Type, is_optional, parts
from evenhand.engine.rules.values import FAILED

_SIMPLE: Final = {STR, INT, FLOAT, BOOL, RULE, NONE}
_NUMBERS: Final = {INT, FLOAT, BOOL, RULE}


def compare(expr: Compare, expressions: Expressions) -> Code:
    left, right = expressions.code(expr.left), expressions.code(expr.right)
    if left.known is not UNKNOWN and right.known is not UNKNOWN and expr.op in _FOLDED:
        return expressions.literal(_FOLDED[expr.op](left.known, right.known), BOOL)
    if expr.op in ("==", "!="):
        return _equal(expr.op, _unfailing(left, expressions), _unfailing(right, expressions))
    if expr.op in ("in", "not in"):
        return _contained(expr, _unfailing(left, expressions), right, expressions)
    return _ordered(expr, left, right, expressions)


_FOLDED: Final = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    **operate.ORDERED,
}


def _unfailing(code: Code, expressions: Expressions) -> Code:
    """The value in a form that has FAILED in it, not beside it."""
    return expressions.kept(code) if code.fails else code


def _kinds(code: Code) -> set[Type]:
    return set(parts(code.type))


def _may_be_none(code: Code) -> bool:
    return bool(code.fails) or NONE in _kinds(code) or ANY in _kinds(code)


def _plain(code: Code) -> str:
    """The value as comparisons see it. FAILED stays what it is: it equals nothing but itself."""
    kinds = _kinds(code)
    if kinds <= _SIMPLE | {TIMEDELTA}:
        return code.text
    if len(kinds) == 1 and code.type.name == "Entity" and not code.fails:
        return f"{code.text}.id"
    if code.type.name == "list" and not code.fails and set(parts(code.type.args[0])) <= _SIMPLE:
        return code.text
    return f"plain({code.text})"


def _equal(op: str, left: Code, right: Code) -> Code:
    for one, other in ((left, right), (right, left)):
        if other.known is None:
            return _is_none(op, one)
    if _may_be_none(left) and _may_be_none(right):
        return condition(f"(plain({left.text}) {op} plain({right.text}))", [left, right], fails=())
    return condition(f"({_plain(left)} {op} {_plain(right)})", [left, right], fails=())


def _is_none(op: str, code: Code) -> Code:
    is_, joint = ("is", "or") if op == "==" else ("is not", "and")
    text = f"{code.text} {is_} None"
    if code.fails:
        text = f"{text} {joint} {code.text} {is_} FAILED"
    return condition(f"({text})", [code], fails=())


def _contained(expr: Compare, left: Code, right: Code, expressions: Expressions) -> Code:
    literals = _literals(expr.right)
    if literals is not None and _kinds(left) <= _SIMPLE | {Type("Entity", (STR,)), Type("Entity", (INT,))}:
        group = expressions.constants.add(literals, "group", ("group", tuple(map(repr, sorted(literals, key=repr)))))
        return condition(f"({_plain(left)} {expr.op} {group})", [left], fails=())
    if is_optional(right.type) or right.type == ANY:
        right = expressions.kept(right)
    fails = (*right.fails, f"{right.text} is None") if is_optional(right.type) or right.type == ANY else right.fails
    if right.type == STR and left.type == STR and not left.fails:
        return condition(f"({left.text} {expr.op} {right.text})", [left, right], fails=fails)
    if right.type.name == "list" or (right.type == STR and _kinds(left) <= {STR, NONE}):
        simple = right.type.name == "list" and _kinds(left) <= _SIMPLE and not _may_be_none(left)
        if simple and set(parts(right.type.args[0])) <= _SIMPLE:
            return condition(f"({left.text} {expr.op} {right.text})", [left, right], fails=fails)
        negation = "not " if expr.op == "not in" else ""
        return condition(f"({negation}contains({left.text}, {right.text}))", [left, right], fails=fails)
    found = expressions.attempted(f"contains({left.text}, {right.text})", BOOL, expr.span, fails)
    return found if expr.op == "in" else condition(f"(not {found.text})", [found])


def _literals(expr: Any) -> frozenset[Any] | None:
    """The members of a list that is written out; FAILED too where None is one."""
    if not isinstance(expr, ListOf) or not all(isinstance(one, Literal) for one in expr.items):
        return None
    values = frozenset(one.value for one in expr.items if isinstance(one, Literal))
    return values | {FAILED} if None in values else values


def _ordered(expr: Compare, left: Code, right: Code, expressions: Expressions) -> Code:
    kinds = _kinds(left) | _kinds(right)
    fails = joined([left, right])
    if kinds <= _NUMBERS | {NONE} or kinds <= {TIMEDELTA, NONE}:
        left, right = (expressions.kept(one) if NONE in _kinds(one) else one for one in (left, right))
        there = [f"{one.text} is not None and " for one in (left, right) if NONE in _kinds(one)]
        text = f"({''.join(there)}{left.text} {expr.op} {right.text})"
        return condition(text, [left, right], fails=joined([left, right]))
    operation = expressions.constants.add(operate.ORDERED[expr.op], "ordered", expr.op)
    return expressions.attempted(f"{operation}({left.text}, {right.text})", BOOL, expr.span, fails)
