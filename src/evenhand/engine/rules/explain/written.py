"""An expression of the tree as an author would write it on one line."""

from __future__ import annotations

from typing import Final

from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.tree import (
    Binary,
    Call,
    Compare,
    Expr,
    Format,
    ListOf,
    Literal,
    Logic,
    Name,
    Unary,
)

LONGEST: Final = 300
_LEVELS: Final = {
    "or": 1, "and": 2, "not": 3, "compare": 4, "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9,
    "*": 10, "/": 10, "//": 10, "%": 10, "negative": 11, "**": 12,
}  # fmt: skip
_ATOM: Final = 13
_RIGHT_FIRST: Final = "**"


def written(expr: Expr, most: int = LONGEST) -> str:
    """Python's syntax, parentheses only where they are needed; cut at `most` characters."""
    text = _written(expr)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def name_of(key: str) -> str:
    """The name as its author wrote it: keys of local names begin with their file."""
    return key.rpartition(":")[2]


def read_in(expr: Expr) -> tuple[str, ...]:
    """The keys that an expression reads, in the order in which they are written, each once."""
    return tuple(dict.fromkeys(one.key for one in every(expr) if isinstance(one, Name)))


def _written(expr: Expr) -> str:  # noqa: PLR0911 - one for each kind of expression
    match expr:
        case Literal(value=value):
            return repr(value)
        case ListOf(items=items):
            return f"[{', '.join(map(_written, items))}]"
        case Name(key=key):
            return name_of(key)
        case Call(function=function, arguments=arguments):
            return f"{function.name}({', '.join(f'{name}={_written(one)}' for name, one in arguments.items())})"
        case Format(parts=parts):
            return f"f{''.join(map(_part, parts))!r}"
        case Logic(op=op, items=items):
            return f" {op} ".join(_within(one, _LEVELS[op] + 1) for one in items)
        case Unary(op=op, operand=operand):
            return f"not {_within(operand, _LEVELS['not'])}" if op == "not" else f"-{_within(operand, 11)}"
        case Compare(op=op, left=left, right=right):
            return f"{_within(left, _LEVELS['compare'] + 1)} {op} {_within(right, _LEVELS['compare'] + 1)}"
        case Binary():
            return _binary(expr)


def _binary(expr: Binary) -> str:
    level = _LEVELS[expr.op]
    left, right = (level + 1, level - 1) if expr.op == _RIGHT_FIRST else (level, level + 1)
    return f"{_within(expr.left, left)} {expr.op} {_within(expr.right, right)}"


def _part(part: str | Name) -> str:
    return part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{name_of(part.key)}}}"


def _within(expr: Expr, level: int) -> str:
    text = _written(expr)
    return text if _level(expr) >= level else f"({text})"


def _level(expr: Expr) -> int:
    match expr:
        case Logic(op=op) | Binary(op=op):
            return _LEVELS[op]
        case Compare():
            return _LEVELS["compare"]
        case Unary(op=op):
            return _LEVELS["not" if op == "not" else "negative"]
        case Literal(value=int() | float() as value) if value < 0:
            return _LEVELS["negative"]
    return _ATOM
