"""What the operators of SML make of which types."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from evenhand.engine.rules.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NEVER,
    NONE,
    RULE,
    STR,
    TIMEDELTA,
    Type,
    fits,
    list_of,
    parts,
    union,
)

_NUMBERS: Final = (INT, FLOAT)
_BITS: Final = ("<<", ">>", "|", "^", "&")
_OTHERS: Final = {
    ("+", STR, STR): STR,
    ("*", STR, INT): STR,
    ("*", INT, STR): STR,
    ("+", TIMEDELTA, TIMEDELTA): TIMEDELTA,
    ("-", TIMEDELTA, TIMEDELTA): TIMEDELTA,
}


def arithmetic(operator: str, left: Type, right: Type) -> Type | None:
    """The type of `left operator right`; None when they do not go together."""
    if ANY in (left, right):
        return ANY
    results = [_arithmetic(operator, one, other) for one, other in product(parts(left), parts(right))]
    return union(one for one in results if one) if all(results) else None


def _arithmetic(operator: str, left: Type, right: Type) -> Type | None:
    if operator in _BITS:
        return INT if left == right == INT else None
    if left in _NUMBERS and right in _NUMBERS:
        return INT if left == right == INT and operator != "/" else FLOAT
    return _OTHERS.get((operator, left, right))


def negated(operand: Type) -> Type | None:
    fine = operand == ANY or all(one in (*_NUMBERS, TIMEDELTA) for one in parts(operand))
    return operand if fine else None


def is_condition(type_: Type) -> bool:
    """Whether and, or, not take it. A condition that could not be had is false, so it may be None."""
    return type_ == ANY or (all(one in (BOOL, RULE, NONE) for one in parts(type_)) and type_ != NONE)


def ordered(left: Type, right: Type) -> bool:
    """Whether < and its like compare them."""
    if ANY in (left, right):
        return True
    pairs = list(product(parts(left), parts(right)))
    numbers = all(one in _NUMBERS and other in _NUMBERS for one, other in pairs)
    return numbers or all(one == other == TIMEDELTA for one, other in pairs)


def comparable(left: Type, right: Type) -> bool:
    """Whether == can ever hold. Anything may turn out None, so None compares with all."""
    if ANY in (left, right):
        return True
    if NONE in (left, right):
        return True
    return any(_may_equal(one, other) for one in _compared(left) for other in _compared(right))


def contained(item: Type, container: Type) -> bool | None:
    """Whether `in` can ever hold; None when `container` holds nothing that can be asked for."""
    if container == ANY:
        return True
    if container == STR:
        return item == ANY or any(one in (STR, ANY) for one in _compared(item))
    if container.name != "list":
        return None
    return container.args[0] == NEVER or comparable(item, container.args[0])


def joined(types: list[Type]) -> Type | None:
    """The one type of a list's items: that among theirs which all others fit."""
    if not types:
        return NEVER
    for one in dict.fromkeys(types):
        if all(fits(other, one) for other in types):
            return one
    return None


def _compared(type_: Type) -> Iterator[Type]:
    """The values that == looks at: an entity is its id, a rule is a bool."""
    for one in parts(type_):
        if one.name == "Entity":
            yield from parts(one.args[0])
        elif one == RULE:
            yield BOOL
        elif one.name == "list":
            yield list_of(union(_compared(one.args[0])))
        else:
            yield one


def _may_equal(left: Type, right: Type) -> bool:
    if left.name == right.name == "list":
        item, other = left.args[0], right.args[0]
        return NEVER in (item, other) or comparable(item, other)
    return left == right or ANY in (left, right) or (left in _NUMBERS and right in _NUMBERS)
