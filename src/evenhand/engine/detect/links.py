"""The detector of links: hosts in text and URL fields that stand on a domain list, or below one that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from evenhand.engine.detect.lists import Lists, Match, judged
from evenhand.engine.detect.registry import Finding
from evenhand.engine.detect.windows import version
from evenhand.engine.model import Event, Item
from evenhand.engine.platform import WordList
from evenhand.engine.text import hosts
from evenhand.engine.text.fold import LIMIT

REVISION = 1
MOST_FIELDS = 100
"""URL fields that are read; the rest is not looked at."""
_NOTHING = Finding()
_CACHED_LENGTH = 2_000


class Links:
    """Reads the first `fold.LIMIT` characters of the text, and the first `MOST_FIELDS` URL fields."""

    name = "links"

    def __init__(self, lists: Sequence[WordList], weights: Mapping[str, float]) -> None:
        """`weights`: harm of the policies, by id.

        Raises ValueError: a term that is no host name.
        """
        self._lists = Lists(lists, weights)
        self._domains: dict[str, list[tuple[int, str]]] = {}
        for at, term in self._lists.terms("domain"):
            self._domains.setdefault(hosts.normal(term), []).append((at, term))
        self.version = version(REVISION, self._lists.lists)

    def keys(self, event: Event) -> Sequence[str]:  # noqa: ARG002 (the protocol's)
        return ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:  # noqa: ARG002 (the protocol's)
        item = judged(event)
        if item is None:
            return _NOTHING
        matches = list(self._matches(item))
        if not matches:
            return _NOTHING
        return Finding((self._lists.signal(event, self.name, self.version, matches),))

    def _matches(self, item: Item) -> Iterator[Match]:
        for link in _found(item.text):
            for at, term in self._listed(link.host):
                yield Match(at, term, item.text[link.start : link.end], link.start, link.end)
        for url in item.links[:MOST_FIELDS]:
            for link in _found(url):
                for at, term in self._listed(link.host):
                    yield Match(at, term, link.host, url=url[:_CACHED_LENGTH])

    def _listed(self, host: str) -> Iterator[tuple[int, str]]:
        for domain in hosts.above(host):
            yield from self._domains.get(domain, ())


def linked_hosts(item: Item) -> Sequence[str]:
    """The hosts that the item links to, each once, without www: in its text as links, and in its URL fields."""
    written = [link.host for link in _found(item.text) if link.explicit]
    fields = [link.host for url in item.links[:MOST_FIELDS] for link in _found(url)]
    return list(dict.fromkeys(host.removeprefix("www.") for host in (*written, *fields)))


def _found(text: str) -> Sequence[hosts.Link]:
    return _remembered(text) if len(text) <= _CACHED_LENGTH else hosts.find(text[:LIMIT])


_remembered = lru_cache(maxsize=1024)(hosts.find)
