"""The known word that a misspelt one most likely stands for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CANDIDATES = 300
"""How many known words are compared: of those about as long, those with the same first letter first."""
_LENGTHS_APART = 4


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to `word`; "" when none is near."""
    meant = word.casefold()
    near = [one for one in known if abs(len(one) - len(word)) <= _LENGTHS_APART and one != word]
    near.sort(key=lambda one: one[:1].casefold() != meant[:1])
    candidates = {one.casefold(): one for one in reversed(near[:CANDIDATES])}
    found = difflib.get_close_matches(meant, candidates, n=1, cutoff=0.65)
    return candidates[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for an unknown word; "" when no known one is near."""
    found = closest(word, known)
    return f"did you mean {found!r}?" if found else ""
