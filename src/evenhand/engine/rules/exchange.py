"""Words exchanged for others in everything that a test holds, so that both sides of a quarrel can be tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any


def swapped(value: Any, pairs: Mapping[str, str]) -> Any:
    """The value with both words of each pair exchanged, as they are written and with a capital letter; whole words."""
    other = {**pairs, **{other: one for one, other in pairs.items()}}
    other = {_capital(one): _capital(two) for one, two in other.items()} | other
    words = "|".join(map(re.escape, sorted(other, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return changed(value, lambda text: pattern.sub(lambda match: other[match[0]], text))


def changed(value: Any, change: Callable[[str], str]) -> Any:
    """Every text in the value changed, those in lists and mappings too; names of fields stay."""
    match value:
        case str():
            return change(value)
        case dict():
            return {key: changed(one, change) for key, one in value.items()}
        case list() | tuple():
            return [changed(one, change) for one in value]
    return value


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
