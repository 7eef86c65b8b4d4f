"""The parts of an expression of the typed tree."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.rules.tree import (
    Binary,
    Call,
    Compare,
    Definition,
    Do,
    Expr,
    Format,
    ListOf,
    Logic,
    Name,
    Require,
    Statement,
    Unary,
)


def children(expression: Expr) -> tuple[Expr, ...]:
    match expression:
        case ListOf(items=items) | Logic(items=items):
            return items
        case Call(arguments=arguments):
            return tuple(arguments.values())
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Format(parts=parts):
            return tuple(part for part in parts if isinstance(part, Name))
        case _:
            return ()


def every(expression: Expr) -> Iterator[Expr]:
    """The expression and all that is in it, from left to right."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(children(one))


def of(statement: Statement) -> tuple[Expr, ...]:
    """The expressions of a statement."""
    match statement:
        case Definition(value=value):
            return (value,)
        case Do(value=call):
            return (call,)
        case Require(pattern=pattern, condition=condition):
            return (pattern,) if condition is None else (pattern, condition)
