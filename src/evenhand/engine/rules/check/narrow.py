"""What a condition tells about the rest of it: in `X != None and X > 3` the second X is not None."""

from __future__ import annotations

from evenhand.engine.rules.check.scope import NOTHING, Facts
from evenhand.engine.rules.tree import Compare, Expr, Literal, Logic, Name, Unary


def told(condition: Expr, *, holds: bool) -> Facts:
    """The names that cannot be None when the condition holds (or when it does not)."""
    match condition:
        case Unary(op="not", operand=operand):
            return told(operand, holds=not holds)
        case Logic(op=op, items=items):
            each = [told(item, holds=holds) for item in items]
            return frozenset[str]().union(*each) if (op == "and") == holds else each[0].intersection(*each[1:])
        case Compare(op=op, left=Name(key=key), right=Literal(value=None)):
            return frozenset([key]) if op == ("!=" if holds else "==") else NOTHING
        case Compare(op=op, left=Literal(value=None), right=Name(key=key)):
            return frozenset([key]) if op == ("!=" if holds else "==") else NOTHING
        case Compare(op=op, left=left, right=right) if op in ("<", "<=", ">", ">=") and holds:
            return frozenset(one.key for one in (left, right) if isinstance(one, Name))
        case _:
            return NOTHING
