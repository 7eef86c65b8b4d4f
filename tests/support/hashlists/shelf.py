"""What a desk would hold after a synchronisation, in a dictionary."""

from typing import Any

from evenhand.engine.media.listing import Listed, ListFailed, Page, Withdrawn
from evenhand.runtime.listapi import ListApi
from tests.support.hashlists.server import ListServer


def api(server: ListServer, path: str = "", waits: list[float] | None = None, **options: Any) -> ListApi:
    sleep = (waits if waits is not None else []).append
    return ListApi("Example Hash List", server.base + path, allow_private=["127.0.0.1"], sleep=sleep, **options)


class Shelf:
    """`cursor` moves only when a pull ended; `held` is what stands, by key; `pages` are those of the last pull."""

    def __init__(self) -> None:
        self.cursor = ""
        self.held: dict[str, Listed] = {}
        self.times: dict[str, int] = {}
        self.pages: list[Page] = []
        self.refused: list[str] = []

    def pull(self, list_: Any) -> "Shelf":
        self.pages, self.refused, seen = [], [], set()
        for page in list_.pull(self.cursor):
            self.pages.append(page)
            self.refused += page.refused
            for change in page.changes:
                seen.add(change.key)
                self._take(change)
        assert self.pages[-1].complete
        self.cursor = self.pages[-1].cursor
        if self.pages[-1].whole:
            self.held = {key: one for key, one in self.held.items() if key in seen}
        return self

    def fails(self, list_: Any) -> ListFailed:
        """Why. The cursor stays where it was."""
        try:
            for page in list_.pull(self.cursor):
                assert not page.complete
        except ListFailed as failed:
            return failed
        raise AssertionError("it did not fail")

    def _take(self, change: Listed | Withdrawn) -> None:
        if change.at is not None and change.at < self.times.get(change.key, 0):
            return
        self.times[change.key] = change.at or 0
        if isinstance(change, Listed):
            self.held[change.key] = change
        else:
            self.held.pop(change.key, None)
