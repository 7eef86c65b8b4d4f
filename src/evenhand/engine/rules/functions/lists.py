"""Functions on lists of values."""

from __future__ import annotations

from itertools import chain
from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.operate import MOST_ITEMS
from evenhand.engine.rules.values import Expected

FAMILY = Family()


@FAMILY.add("ListLength", cost=1, total=True)
def list_length(list: list[Any]) -> int:
    """How many items a list has."""
    return len(list)


@FAMILY.add("ListRead", cost=1)
def list_read(list: list[str], index: int = 0) -> str:
    """The item at a place. Places count from 0; negative ones from the end.

    No value: the list has no such place.
    """
    try:
        return list[index]
    except IndexError as error:
        raise Expected from error


@FAMILY.add("ListSort", cost=5, total=True)
def list_sort(list: list[str], reverse: bool = False) -> list[str]:
    """The items in the order of their characters' codes (upper case before lower), or in the reverse of it."""
    return sorted(list, reverse=reverse)


@FAMILY.add("ConcatStringLists", cost=2)
def concat_string_lists(lists: list[list[str]]) -> list[str]:
    """The items of all lists in one, in their order.

    Error: the result would have more than 100,000 items.
    """
    if sum(map(len, lists)) > MOST_ITEMS:
        raise ValueError(f"the result would have {sum(map(len, lists)):,} items; {MOST_ITEMS:,} is the most.")
    return [*chain.from_iterable(lists)]
