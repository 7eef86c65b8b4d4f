"""What the operators do with values that are there: Python's arithmetic, with a lid on it, and no division by zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from evenhand.engine.rules.values import FAILED, Entity, Expected

MOST_BITS: Final = 4096
"""Size of the largest whole number that rules may make."""
MOST_CHARACTERS: Final = 1 << 20
"""Length of the longest text that rules may make."""
MOST_ITEMS: Final = 100_000
"""Values in the largest list that rules may make, those of lists within it counted."""


class Impossible(Exception):
    """What these values do not allow, or the event does not have, in words for the author of the rule."""


def told(error: Exception) -> str:
    """An exception in words for the author of the rules. A ValueError has them already."""
    words = str(error)
    return words if isinstance(error, Impossible | ValueError) and words else f"{type(error).__name__}: {words}"


def plain(value: Any) -> Any:
    """The value as comparisons see it: an entity's id, and None for what FAILED."""
    if type(value) is Entity:
        return value.id
    if type(value) is list:
        return [plain(one) for one in value]
    return None if value is FAILED else value


def add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return _short(left + right, len(left) + len(right))
    return _arithmetic("+", left, right)


def multiply(left: Any, right: Any) -> Any:
    if isinstance(right, str):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, int):
        return left * _short(right, len(left) * right)
    if isinstance(left, int) and isinstance(right, int):
        _small(left.bit_length() + right.bit_length())
    return _arithmetic("*", left, right)


def power(left: Any, right: Any) -> Any:
    if left == 0 and isinstance(right, int | float) and right < 0:
        return 0
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        _small(left.bit_length() * right)
    result = _arithmetic("**", left, right)
    if isinstance(result, complex):
        raise Impossible("** has no real number as its result here")
    return result


def shift(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        _small(left.bit_length() + right)
    return _arithmetic("<<", left, right)


def negative(value: Any) -> Any:
    try:
        return -value
    except TypeError as error:
        raise Impossible(f"- does not go with {_kind(value)}") from error


def contains(value: Any, group: Any) -> bool:
    """Whether `value` (FAILED counts as None) is in a list or text. None is in no text."""
    value = plain(value)
    if isinstance(group, list):
        return any(value == plain(one) for one in group)
    if isinstance(group, str) and (value is None or isinstance(value, str)):
        return value is not None and value in group
    raise Impossible(f"in does not go with {_kind(value)} and {_kind(group)}")


def ordered(op: str) -> Callable[[Any, Any], bool]:
    """`< <= > >=`: False when a side is None."""
    compare = _ORDERS[op]

    def compared(left: Any, right: Any) -> bool:
        left, right = plain(left), plain(right)
        if left is None or right is None:
            return False
        try:
            return bool(compare(left, right))
        except TypeError as error:
            raise Impossible(f"{op} does not go with {_kind(left)} and {_kind(right)}") from error

    return compared


def text(value: Any) -> str:
    """The value as an f-string shows it."""
    value = plain(value)
    return f"{value:#x}" if isinstance(value, int) and value.bit_length() > MOST_BITS else str(value)


def short(made: str) -> str:
    """The text, if it is not too long to go on with."""
    return made if len(made) <= MOST_CHARACTERS else _short(made, len(made))


def joined(texts: Sequence[str]) -> str:
    """The texts as one, which is not made when it would be too long."""
    _short("", sum(map(len, texts)))
    return "".join(texts)


def listed(items: list[Any]) -> list[Any]:
    """A list that may have lists in it, if it is not too large: each may stand in the next one many times."""
    if any(isinstance(one, list) for one in items) and _values(items, MOST_ITEMS) > MOST_ITEMS:
        raise Impossible(f"the list would have more than {MOST_ITEMS:,} values")
    return items


RESOLVE: Final = ("optional_value", "default_value", "should_report_error")


def resolve(value: Any, default: Any, should_report: bool | None) -> Any:  # noqa: FBT001 - as rules have it
    """A value that may be None, or what stands for it."""
    if value is None:
        value = default
    if value is not None:
        return value
    if should_report:
        raise Impossible("there is neither a value nor a default for it")
    raise Expected


def _by_zero(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def divided(left: Any, right: Any) -> Any:
        try:
            return operation(left, right)
        except ZeroDivisionError:
            return 0

    return divided


_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_PLAIN: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _by_zero(lambda a, b: a / b),
    "//": _by_zero(lambda a, b: a // b),
    "%": _by_zero(lambda a, b: a % b),
    "**": lambda a, b: a**b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
}


def _arithmetic(op: str, left: Any, right: Any) -> Any:
    if not isinstance(left, int | float | timedelta) or not isinstance(right, int | float | timedelta):
        raise Impossible(f"{op} does not go with {_kind(left)} and {_kind(right)}")
    try:
        return _PLAIN[op](left, right)
    except TypeError as error:
        raise Impossible(f"{op} does not go with {_kind(left)} and {_kind(right)}") from error
    except (OverflowError, ValueError) as error:
        raise Impossible(f"{op} has no result here: {error}") from error


def _plain(op: str) -> Callable[[Any, Any], Any]:
    return lambda left, right: _arithmetic(op, left, right)


BINARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    **{op: _plain(op) for op in _PLAIN},
    "+": add,
    "*": multiply,
    "**": power,
    "<<": shift,
}
ORDERED: Final = {op: ordered(op) for op in _ORDERS}


def _kind(value: Any) -> str:
    return "None" if value is None else type(value).__name__


def _values(items: list[Any], most: int) -> int:
    """How many values a list has, in all its lists; counted no further than a little beyond `most`."""
    found = len(items)
    for one in items:
        if isinstance(one, list):
            found += _values(one, most - found)
        if found > most:
            break
    return found


def _small(bits: int) -> None:
    if bits > MOST_BITS:
        raise Impossible(f"the number would have more than {MOST_BITS} bits")


def _short(value: Any, length: int) -> Any:
    if length > MOST_CHARACTERS:
        raise Impossible(f"the text would have more than {MOST_CHARACTERS:,} characters")
    return value
