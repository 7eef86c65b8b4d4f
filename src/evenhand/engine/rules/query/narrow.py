"""From an expression to SQL that keeps every event for which it may hold; the rules themselves decide on those."""

from __future__ import annotations

from typing import Final

from evenhand.engine.rules.query.algebra import (
    NO,
    UNKNOWN,
    YES,
    Three,
    conjunction,
    disjunction,
    exactly,
    negated,
    rule,
)
from evenhand.engine.rules.query.calls import Calls
from evenhand.engine.rules.query.comparisons import compare
from evenhand.engine.rules.query.dialects import Dialect
from evenhand.engine.rules.query.schema import Schema
from evenhand.engine.rules.query.values import Values
from evenhand.engine.rules.tree import Call, Compare, Expr, ListOf, Literal, Logic, Name, Program, Unary
from evenhand.engine.rules.types import BOOL

MOST_PARTS: Final = 400
"""Parts of a query that are put into SQL; what comes after them is left to the rules."""


class Narrowing:
    """One query on its way. `unknown`: parts of it that SQL says nothing about."""

    def __init__(self, program: Program, schema: Schema, dialect: Dialect) -> None:
        self._values = Values(program, schema, dialect)
        self._calls = Calls(self._values, schema)
        self._left = MOST_PARTS
        self.unknown: list[Expr] = []

    def narrowed(self, expr: Expr) -> Three:
        self._left -= 1
        found = self._narrowed(expr) if self._left > 0 else UNKNOWN
        if found == UNKNOWN:
            self.unknown.append(expr)
        return found

    def _narrowed(self, expr: Expr) -> Three:
        match expr:
            case Logic(op=op, items=items):
                inner = [self.narrowed(one) for one in items]
                return conjunction(inner) if op == "and" else disjunction(inner)
            case Unary(op="not", operand=operand):
                return negated(self.narrowed(operand))
            case Compare():
                return compare(expr, self._values)
            case Literal(value=value):
                return YES if value else NO
        return self._of_name(expr) if isinstance(expr, Name) else self._call(expr)

    def _of_name(self, name: Name) -> Three:
        meant = self._values.meant(name)
        if self._values.operand(meant) is not None:
            return self._truth(meant)
        return self._narrowed(meant)

    def _call(self, expr: Expr) -> Three:
        if not isinstance(expr, Call):
            return UNKNOWN
        if expr.function.name == "Rule":
            group = self._values.meant(expr.arguments["when_all"])
            return rule([self.narrowed(one) for one in group.items]) if isinstance(group, ListOf) else UNKNOWN
        return self._calls.narrowed(expr)

    def _truth(self, expr: Expr) -> Three:
        """A truth value of the event."""
        operand = self._values.operand(expr)
        if operand is None or operand.type != BOOL:
            return UNKNOWN
        return operand.choose(lambda _: exactly(operand.place.true), NO)
