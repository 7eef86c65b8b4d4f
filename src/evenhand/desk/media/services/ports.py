"""The port to hash lists: what the desk needs of a connector. Put together in `web.hashlists`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Protocol

from evenhand.engine.media.listing import Listed, ListFailed, Page

__all__ = ["Connect", "HashList", "ListFailed", "Opinion"]

Opinion = Literal["up", "down"]


class HashList(Protocol):
    """A hash list of somebody else. Methods raise `engine.media.listing.ListFailed`, with a sentence."""

    def pull(self, cursor: str) -> Iterator[Page]:
        """All changes behind `cursor` ("": from the beginning), a page at a time; the last page is `complete`, and its
        cursor is where the next call begins. Who breaks off begins again at the old cursor: entries may come twice."""

    def feedback(self, entry: Listed, opinion: Opinion, reason: str) -> None:
        """Tell its owner. Sent twice, it has no second effect."""


Connect = Callable[[str, Mapping[str, Any]], HashList]
"""(kind, config) → the list. Raises ListFailed: there is no such kind, or its configuration or secrets are wrong."""
