"""What must stand in a text, whatever its case, for a phrase to be found in it: as SQL can look for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from evenhand.engine.rules.query.algebra import ALWAYS, Sql, any_of
from evenhand.engine.rules.query.dialects import Dialect

_LAST: Final = 0x1FFFF
"""No letter behind it has another case."""
_NO_LETTERS: Final = range(0xD800, 0xE000)
"""Halves of others, in UTF-16."""
Fold = Callable[[str], str]


def may_have(dialect: Dialect, text: Sql, folded: str, fold: Fold) -> Sql:
    """Holds for every text whose folded form has `folded` in it: a part of it that no other letters fold to stands in
    the text, A to Z as a to z, or a letter does that folds to a part of that."""
    part = _longest(folded, fold)
    if not part:
        return ALWAYS
    strange = "".join(one for one, folded in _strange(fold).items() if not set(part).isdisjoint(folded))
    found = dialect.has(dialect.lower(text), part)
    return any_of([found, dialect.has_any(text, strange)]) if strange else found


def _longest(phrase: str, fold: Fold) -> str:
    """The longest part of a phrase that SQL can look for: ASCII, and letters that have no other form."""
    made = "".join(_strange(fold).values())
    runs, run = [""], ""
    for one in phrase:
        plain = one != "\0" and (one.isascii() or (fold(one) == one and one not in made and one.isprintable()))
        run = run + one if plain else ""
        runs.append(run)
    return max(runs, key=len)


@lru_cache(maxsize=4)
def _strange(fold: Fold) -> dict[str, str]:
    """The letters that are not ASCII and are folded into others."""
    folded = {chr(code): fold(chr(code)) for code in range(0x80, _LAST + 1) if code not in _NO_LETTERS}
    return {one: other for one, other in folded.items() if one != other}
