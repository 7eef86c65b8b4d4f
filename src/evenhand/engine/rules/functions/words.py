"""Functions that look phrases up in word lists: YAML sequences of the project's folder `lists/`, by file name."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.lists import WordList
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.values import Constant

FAMILY = Family()
_REMEMBERED_LENGTH = 1_000
"""Longer lists are not written out: they come with the event, and do not come again."""


@FAMILY.add("ListContains", cost=5)
def list_contains(context: Context, list: Constant[str], phrases: list[str]) -> str | None:
    """The first of the phrases that is on a list, upper and lower case alike; None when none is.

    `list`: the name of a list file. Error: there is no such list.
    """
    return _list(context, list).first(phrases)


@FAMILY.add("CensorizedListContains", cost=200)
def censorized_list_contains(
    context: Context, list: Constant[str], phrases: list[str], plurals: bool = False
) -> str | None:
    """The first of the phrases that reads as something on a list, through disguises: digits and signs for letters,
    look-alike letters, letters set apart or drawn out. With `plurals` also the plural of it. None when none does.

    `list`: the name of a list file. Error: there is no such list.
    """
    return _list(context, list).first_disguised(phrases, plurals=plurals)


@FAMILY.add("NormalizedListContains", cost=10)
def normalized_list_contains(context: Context, list: Constant[str], phrases: list[str]) -> str | None:
    """The first of the phrases that is on a list, without regard to case, accents, look-alike letters, invisible
    characters and hyphens; None when none is.

    `list`: the name of a list file. Error: there is no such list.
    """
    return _list(context, list).first_normal(phrases)


@FAMILY.add("ListFind", cost=100)
def list_find(context: Context, list: Constant[str], s: str, disguised: bool = True) -> list[str]:
    """The terms of a list that stand in a string as whole words, in the order of the string, each once; through
    disguises unless `disguised` is False.

    `list`: the name of a list file. Error: there is no such list.
    """
    return _list(context, list).find(s, disguised=disguised)


@FAMILY.add("SimpleListContains", cost=5, total=True)
def simple_list_contains(cache_name: str, list: list[str], phrases: list[str]) -> str | None:
    """The first of the phrases that is in a list written out in the rules, upper and lower case alike; None when none
    is.

    `cache_name` is kept for rules written elsewhere, and has no meaning here.
    """
    known = _folded(tuple(list)) if len(list) <= _REMEMBERED_LENGTH else frozenset(map(str.casefold, list))
    if known.isdisjoint(map(str.casefold, phrases)):  # nearly always, and quicker than one after the other
        return None
    return next(phrase for phrase in phrases if phrase.casefold() in known)


@lru_cache(maxsize=1024)
def _folded(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(str.casefold, terms))


def _list(context: Context, name: str) -> WordList:
    found = context.lists.get(name)
    if found is None:
        near = get_close_matches(name, context.lists, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no list {name!r} under lists/.{hint}")
    return found  # type: ignore[no-any-return]
