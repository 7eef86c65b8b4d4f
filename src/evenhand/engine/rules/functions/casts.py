"""Functions that make one type of another."""

from __future__ import annotations

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.values import Expected

FAMILY = Family()


@FAMILY.add("ParseInt", cost=1)
def parse_int(s: str) -> int:
    """The whole number that a string writes out in decimal digits, with or without a sign.

    No value: it writes none.
    """
    try:
        return int(s)
    except ValueError as error:
        raise Expected from error


@FAMILY.add("ForceString", cost=1, total=True)
def force_string(s: str | None) -> str:
    """The string, or an empty one for None."""
    return "" if s is None else s
