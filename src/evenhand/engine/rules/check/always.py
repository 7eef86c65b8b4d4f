"""Conditions that hold always, or never: between constants, of a name with itself, and bounds that contradict."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any, Final

from evenhand.engine.rules.tree import Compare, Definition, Expr, ListOf, Literal, Logic, Name, Unary

_MOST_COMPARED = 100
"""Comparisons in one `and` or `or` that are held against each other."""
_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda item, container: item in container,
    "not in": lambda item, container: item not in container,
}
_SWAPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
Bound = tuple[str, str, Any]
"""A name's key, the operator, and the constant that it is compared with."""


class Always:
    """What is known without any event."""

    def __init__(self, known: Mapping[str, Definition]) -> None:
        self._known = known

    def holds(self, condition: Expr) -> bool | None:
        """True or False when it always does or never; None when it depends."""
        match condition:
            case Literal(value=bool() as value):
                return value
            case Unary(op="not", operand=operand):
                inner = self.holds(operand)
                return None if inner is None else not inner
            case Compare():
                return self._compared(condition)
            case Logic(op=op, items=items):
                return self.together(op, items)
        return None

    def together(self, op: str, items: Iterable[Expr]) -> bool | None:
        """The same for conditions joined by `and` or `or`."""
        items = tuple(items)
        each = [self.holds(item) for item in items]
        decisive = op == "or"
        if decisive in each:
            return decisive
        if items and None not in each:
            return not decisive
        bounds = [bound for item in items if (bound := self._bound(item))][:_MOST_COMPARED]
        if op == "or":
            bounds = [(key, _OPPOSITE[sign], value) for key, sign, value in bounds]
        return decisive if any(_contradict(one, other) for one, other in combinations(bounds, 2)) else None

    def constant(self, expression: Expr) -> Any:
        """The value of a constant; a callable (which none is) for what is none."""
        if isinstance(expression, Name) and expression.key in self._known:
            expression = self._known[expression.key].value
        if isinstance(expression, Literal):
            return expression.value
        if isinstance(expression, ListOf):
            items = [self.constant(item) for item in expression.items]
            return operator.eq if operator.eq in items else items
        return operator.eq

    def _compared(self, condition: Compare) -> bool | None:
        left, right = self.constant(condition.left), self.constant(condition.right)
        if operator.eq not in (left, right):
            return _truth(condition.op, left, right)
        if isinstance(condition.left, Name) and isinstance(condition.right, Name):
            same = condition.left.key == condition.right.key
            return condition.op == "==" if same and condition.op in ("==", "!=") else None
        return None

    def _bound(self, condition: Expr) -> Bound | None:
        if not isinstance(condition, Compare) or condition.op not in _OPPOSITE:
            return None
        for side, other, sign in (
            (condition.left, condition.right, condition.op),
            (condition.right, condition.left, _SWAPPED.get(condition.op, condition.op)),
        ):
            value = self.constant(other)
            if isinstance(side, Name) and isinstance(value, str | int | float):
                return side.key, sign, value
        return None


def _truth(sign: str, left: Any, right: Any) -> bool | None:
    try:
        return bool(_OPERATORS[sign](left, right))
    except TypeError:
        return None


def _contradict(one: Bound, other: Bound) -> bool:
    """Whether no value is in both bounds."""
    if one[0] != other[0]:
        return False
    (_, sign, value), (_, second, limit) = one, other
    if sign == "==":
        return _truth(second, value, limit) is False
    if second == "==":
        return _truth(sign, limit, value) is False
    if sign[0] == second[0] or "!=" in (sign, second):
        return False
    low, high = (value, limit) if sign[0] == ">" else (limit, value)
    strict = "=" not in sign or "=" not in second
    return _truth(">=" if strict else ">", low, high) is True
