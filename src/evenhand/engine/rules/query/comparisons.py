"""Comparisons of a value of the event with what is written out, as SQL."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from evenhand.engine.rules.query.algebra import (
    ALWAYS,
    NO,
    UNKNOWN,
    YES,
    Sql,
    Three,
    any_of,
    exactly,
    negated,
    write,
)
from evenhand.engine.rules.query.dialects import Dialect
from evenhand.engine.rules.query.values import Kind, Operand, Values
from evenhand.engine.rules.tree import Compare, Expr

MOST_CHOICES: Final = 500
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_WHOLE: Final = 1 << 62
"""Up to here databases compare any whole number with this one as Python does: their own end at 1 << 63."""
_NEAR: Final = 1e-9
"""How far apart databases and Python may read the same number, in proportion."""
_LEAST: Final = 1e-300
Number = int | float


def compare(expr: Compare, values: Values) -> Three:
    if expr.op in ("in", "not in"):
        found = _contained(expr.left, expr.right, values)
        return found if expr.op == "in" else negated(found)
    for op, one, other in ((expr.op, expr.left, expr.right), (_TURNED[expr.op], expr.right, expr.left)):
        operand, constant = values.operand(one), values.constant(other)
        if operand and constant:
            return _compared(operand, op, constant.value, values.dialect)
    return UNKNOWN


def _compared(operand: Operand, op: str, value: Any, dialect: Dialect) -> Three:
    if op == "!=":
        return negated(_equal(operand, [value], dialect))
    if op == "==":
        return _equal(operand, [value], dialect)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return UNKNOWN
    return operand.choose(lambda kind: _ordered(operand, kind, op, value, dialect), NO)


def _contained(left: Expr, right: Expr, values: Values) -> Three:
    operand, choices = values.operand(left), values.constants(right)
    if operand and choices is not None and len(choices) <= MOST_CHOICES:
        return _equal(operand, choices, values.dialect)
    part, text = values.constant(left), values.operand(right)
    if part and text and isinstance(part.value, str) and sayable(part.value):
        inside = part.value
        return text.choose(lambda _: exactly(values.dialect.has(text.place.text, inside)) if inside else YES, UNKNOWN)
    return UNKNOWN


def sayable(text: str) -> bool:
    """Whether a text can be given to a database."""
    return "\0" not in text and text == text.encode(errors="replace").decode()


def _equal(operand: Operand, choices: Sequence[Any], dialect: Dialect) -> Three:
    """Whether it is one of the choices. Nothing, and what has no value, is None."""
    missing = YES if None in choices else NO
    wanted = [one for one in choices if one is not None]
    return operand.choose(lambda kind: _one_of(operand, kind, wanted, dialect), missing, missing)


def _one_of(operand: Operand, kind: Kind, choices: Sequence[Any], dialect: Dialect) -> Three:
    if not choices:
        return NO
    if kind == "text":
        return _text_among(operand.place.text, [one for one in choices if isinstance(one, str)])
    if kind == "boolean":
        return _truth_among(operand.place.true, [one for one in choices if isinstance(one, bool)])
    numbers = [one for one in choices if isinstance(one, int | float) and not isinstance(one, bool)]
    return _number_among(operand.place.number, kind, numbers, dialect)


def _text_among(text: Sql, choices: Sequence[str]) -> Three:
    said = [one for one in choices if sayable(one)]
    if len(said) < len(choices):
        return UNKNOWN
    if not said:
        return NO
    return exactly(write(f"{{}} IN ({', '.join('{}' for _ in said)})", text, *said))


def _truth_among(true: Sql, choices: Sequence[bool]) -> Three:
    ways = set(choices)
    if len(ways) != 1:
        return YES if ways else NO
    return exactly(true) if True in ways else negated(exactly(true))


def _number_among(number: Sql, kind: Kind, choices: Sequence[Number], dialect: Dialect) -> Three:
    near = [_near(number, kind, one, dialect) for one in choices]
    if any(one is None for one in near):
        return UNKNOWN
    found = any_of(one for one in near if one)
    return exactly(found) if all(_is_whole(kind, one) for one in choices) else Three(found, ALWAYS)


def _near(number: Sql, kind: Kind, value: Number, dialect: Dialect) -> Sql | None:
    """As close to a number as the database can tell; None: it cannot."""
    if _is_whole(kind, value):
        return write("{} = {}", number, value)
    margin = _margin(value)
    if margin is None:
        return None
    return write("{} BETWEEN {} AND {}", number, dialect.number(value - margin), dialect.number(value + margin))


def _ordered(operand: Operand, kind: Kind, op: str, value: Number, dialect: Dialect) -> Three:
    number = operand.place.number
    if _is_whole(kind, value):
        return exactly(write(f"{{}} {op} {{}}", number, value))
    margin = _margin(value)
    if margin is None:
        return UNKNOWN
    low, high = dialect.number(value - margin), dialect.number(value + margin)
    if op in ("<", "<="):
        return Three(write("{} <= {}", number, high), write("{} >= {}", number, low))
    return Three(write("{} >= {}", number, low), write("{} <= {}", number, high))


def _is_whole(kind: Kind, value: Number) -> bool:
    return kind == "integer" and isinstance(value, int) and abs(value) <= _WHOLE


def _margin(value: Number) -> float | None:
    try:
        size = abs(float(value))
    except OverflowError:
        return None
    margin = size * _NEAR + _LEAST
    return margin if math.isfinite(size + margin) else None
