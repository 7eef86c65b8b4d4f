"""Finds the regular expressions of many lists in one pass: RE2, so time is linear in the text whatever the pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import re2
from msgspec import Struct

MOST_SPANS = 5
"""How many places are told for each pattern; that it matches is told whatever their number."""
_MEMORY = 32 << 20
"""What RE2 may use for one automaton, in bytes."""
_ALWAYS = ""
"""Matches every text. When a set does not find it, the set ran out of memory: RE2 tells this in no other way."""


class Match(Struct, frozen=True, order=True):
    """`text[start:end]` matches `patterns[pattern]`."""

    start: int
    end: int
    pattern: int


def problem(pattern: str) -> str | None:
    """Why RE2 does not take the pattern, in words for its author; None when it does."""
    try:
        compiled = re2.compile(pattern, _options())
        _Set([pattern], 0)
    except re2.error as error:
        detail = error.args[0] if error.args else ""
        return (detail.decode() if isinstance(detail, bytes) else str(detail)) or "too big"
    return "matches the empty text, so every text" if compiled.search("") else None


class Patterns:
    """One RE2 set over `patterns`, and each of them by itself for the places."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Raises ValueError: a pattern that RE2 does not take."""
        for pattern in patterns:
            if reason := problem(pattern):
                raise ValueError(f"{pattern!r} is no pattern that RE2 takes: {reason}.")
        self._patterns = [re2.compile(pattern, _options()) for pattern in patterns]
        self._sets = list(_sets(list(patterns), 0))

    def find(self, text: str) -> list[Match]:
        """The first places of every pattern that matches, in the order of the text."""
        readable = text if text.isascii() else text.encode(errors="replace").decode()
        found = {index for some in self._sets for index in some.matching(readable)}
        return sorted(match for index in found for match in self._places(index, readable))

    def _places(self, index: int, text: str) -> Iterator[Match]:
        for place in islice(self._patterns[index].finditer(text), MOST_SPANS):
            yield Match(place.start(), place.end(), index)


class _Set:
    """Which of the patterns `first`, `first + 1`, … match. One that is too big for RE2 lets each speak for itself."""

    def __init__(self, patterns: Sequence[str], first: int) -> None:
        """Raises re2.error: too big to be one set."""
        self._indexes = range(first, first + len(patterns))
        self._set = re2.Set.SearchSet(_options())
        for pattern in [_ALWAYS, *patterns]:
            self._set.Add(pattern)
        self._set.Compile()

    def matching(self, text: str) -> Sequence[int]:
        found = self._set.Match(text)
        if not found:
            return self._indexes
        return [self._indexes[index - 1] for index in found if index]


def _sets(patterns: Sequence[str], first: int) -> Iterator[_Set]:
    """As few sets as RE2's memory allows."""
    if not patterns:
        return
    try:
        yield _Set(patterns, first)
    except re2.error:
        middle = len(patterns) // 2
        yield from _sets(patterns[:middle], first)
        yield from _sets(patterns[middle:], first + middle)


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options
