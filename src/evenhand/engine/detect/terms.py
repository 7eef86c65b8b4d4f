"""The detector of words and patterns: all keyword lists in one pass, all regex lists in one more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evenhand.engine.detect.lists import Lists, Match, judged
from evenhand.engine.detect.registry import Finding
from evenhand.engine.detect.windows import version
from evenhand.engine.model import Event
from evenhand.engine.platform import WordList
from evenhand.engine.text.fold import LIMIT
from evenhand.engine.text.patterns import Patterns
from evenhand.engine.text.words import Words

REVISION = 1
_NOTHING = Finding()
_LONGEST_QUOTE = 200


class Terms:
    """Reads the first `fold.LIMIT` characters. Time is linear in them, plus the number of matches."""

    name = "terms"

    def __init__(self, lists: Sequence[WordList], weights: Mapping[str, float]) -> None:
        """`weights`: harm of the policies, by id.

        Raises ValueError: a term that cannot be looked for.
        """
        self._lists = Lists(lists, weights)
        self._keywords = self._lists.terms("keyword")
        self._regexes = self._lists.terms("regex")
        self._words = Words([term for _, term in self._keywords]) if self._keywords else None
        self._patterns = Patterns([term for _, term in self._regexes]) if self._regexes else None
        self.version = version(REVISION, self._lists.lists)

    def keys(self, event: Event) -> Sequence[str]:  # noqa: ARG002 (the protocol's)
        return ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:  # noqa: ARG002 (the protocol's)
        item = judged(event)
        if item is None or not item.text:
            return _NOTHING
        matches = list(self._matches(item.text[:LIMIT]))
        if not matches:
            return _NOTHING
        return Finding((self._lists.signal(event, self.name, self.version, matches),))

    def _matches(self, text: str) -> Iterator[Match]:
        for hit in self._words.find(text) if self._words else ():
            at, term = self._keywords[hit.term]
            yield Match(at, term, _quote(text, hit.start, hit.end), hit.start, hit.end, disguised=hit.disguised)
        for found in self._patterns.find(text) if self._patterns else ():
            at, term = self._regexes[found.pattern]
            yield Match(at, term, _quote(text, found.start, found.end), found.start, found.end)


def _quote(text: str, start: int, end: int) -> str:
    return text[start : min(end, start + _LONGEST_QUOTE)]
