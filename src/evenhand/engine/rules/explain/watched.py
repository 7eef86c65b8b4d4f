"""A run that remembers what every expression came to, so that it can be told without running anything twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.interpret import Interpreter
from evenhand.engine.rules.order import Order, names
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.run import Context, Error
from evenhand.engine.rules.tree import Call, Definition, Expr, Name, Program


class Watched(Interpreter):
    """After `run`, `of` has what any expression of the program came to; of a file that the event did not bring in,
    what it would have come to."""

    def __init__(self, program: Program, order: Order, context: Context) -> None:
        super().__init__(program, order, context)
        self.program, self.context = program, context
        self._seen: dict[int, Any] = {}

    @property
    def files(self) -> frozenset[str]:
        """Those that the event brought in."""
        return frozenset(self._files)

    def value(self, expr: Expr) -> Any:
        found = self._seen[id(expr)] = super().value(expr)
        return found

    def of(self, expr: Expr) -> Any:
        """What the expression came to."""
        if isinstance(expr, Name):
            self._catch_up([expr.key])
            return self.values[expr.key]
        if id(expr) not in self._seen:
            self._catch_up(names(expr))
            self.value(expr)
        return self._seen[id(expr)]

    def definition(self, name: Name) -> Definition:
        return self.program.definitions[name.key]

    def constant(self, expr: Expr) -> bool:
        """Whether it is the same for every event."""
        if isinstance(expr, Name):
            return self.constant(self.definition(expr).value)
        pure = not isinstance(expr, Call) or (
            expr.function.pure and not expr.function.context and not expr.function.form
        )
        return pure and all(map(self.constant, children(expr)))

    def secret(self, expr: Expr) -> bool:
        """Whether it reads a name that must not be told."""
        return any(self.program.definitions[key].secret for key in names(expr))

    def error(self, span: Span) -> str:
        """What went wrong at a place; "" when nothing was told."""
        found = (one.message for one in self.context.errors if _place(one) == (span.file, span.line, span.column))
        return next(found, "")

    def _catch_up(self, keys: Iterable[str]) -> None:
        """Gives a value to definitions that did not run, those that they need first."""
        waiting = [key for key in keys if key not in self.values]
        while waiting:
            definition = self.program.definitions[waiting[-1]]
            missing = [key for key in names(definition.value) if key not in self.values]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if definition.key not in self.values:
                self.values[definition.key] = self.value(definition.value)


def _place(error: Error) -> tuple[str, int, int]:
    return error.file, error.line, error.column
