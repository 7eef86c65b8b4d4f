"""Values that are known without any event: what is written out, by itself, in lists, through names and in sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evenhand.engine.rules import operate
from evenhand.engine.rules.tree import Binary, Definition, Expr, ListOf, Literal, Name, Unary

_MOST_STEPS: Final = 10_000
"""Parts of one value that are looked at: a name that is used twice by one that is used twice is soon a million."""
_DEEPEST: Final = 50


class Open:
    """Stands for a value that only an event can tell: None is a value of its own."""


OPEN: Final = Open()


def folded(expr: Expr, known: Mapping[str, Definition]) -> Any:
    """The value of the expression; OPEN when it depends on the event, cannot be had, or takes long to make."""
    return _Folding(known).value(expr, _DEEPEST)


class _Folding:
    """One value on its way."""

    def __init__(self, known: Mapping[str, Definition]) -> None:
        self._known = known
        self._left = _MOST_STEPS

    def value(self, expr: Expr, deeper: int) -> Any:
        self._left -= 1
        if self._left < 0 or deeper < 0:
            return OPEN
        match expr:
            case Literal(value=value):
                return value
            case Name(key=key) if key in self._known:
                return self.value(self._known[key].value, deeper - 1)
            case ListOf(items=items):
                values = [self.value(one, deeper - 1) for one in items]
                return OPEN if any(one is OPEN for one in values) else values
        try:
            return self._calculated(expr, deeper - 1)
        except operate.Impossible:
            return OPEN

    def _calculated(self, expr: Expr, deeper: int) -> Any:
        """Raises Impossible, as the operators do; none of them takes OPEN."""
        match expr:
            case Unary(op="-", operand=operand):
                return operate.negative(self.value(operand, deeper))
            case Binary(op=op, left=left, right=right):
                return operate.BINARY[op](self.value(left, deeper), self.value(right, deeper))
        return OPEN
