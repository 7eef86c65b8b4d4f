"""A file of hashes, as `evenhand media bank import` takes it in: CSV or JSON, recognised by what stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from evenhand.cli.rules.folder import printable
from evenhand.connectors import hashfiles
from evenhand.engine.media import hashcsv
from evenhand.engine.media.listing import Listed, ListFailed, Page, Withdrawn

_PAGE: Final = 1_000
_LONGEST_HEAD: Final = 10_000
"""Characters of a first line that may name columns."""
_JOINED: Final = ("csv", "json")
"""Formats that have a row for each hash of a medium."""


class File:
    """A file as a list (port: media.services.HashList). Raises OSError; ListFailed: it is no text."""

    def __init__(
        self, file: Path, kind: str, *, whole: bool, done: Callable[[int], None] = lambda _count: None
    ) -> None:
        self._file, self._kind, self._whole, self._done = file, kind, whole, done
        self._refused: list[str] = []
        try:
            self._form = hashfiles.form_of(file)
        except ValueError as error:
            raise ListFailed(f"{file}: {error}") from None

    def left_out(self) -> list[str]:
        """Columns from which nothing is read, since none of ours is called so."""
        if self._form != "csv":
            return []
        with self._file.open(encoding="utf-8", errors="replace") as lines:
            return [printable(name) for name in hashcsv.left_out(lines.readline(_LONGEST_HEAD))]

    def pull(self, cursor: str) -> Iterator[Page]:  # noqa: ARG002 (a file is read from its beginning)
        gathered: list[Listed | Withdrawn] = []
        try:
            for change in hashcsv.joined(self._rows()) if self._form in _JOINED else self._rows():
                gathered.append(change)
                if len(gathered) == _PAGE:
                    yield self._page(gathered, complete=False)
                    gathered = []
        except OSError as error:
            raise ListFailed(f"{self._file}: It cannot be read: {error.strerror or error}.") from error
        except ValueError as error:
            raise ListFailed(f"{self._file}: {error}") from error
        yield self._page(gathered, complete=True)

    def feedback(self, entry: Listed, opinion: str, reason: str) -> None:  # noqa: ARG002 (the port's words)
        raise ListFailed("A file takes no feedback.")

    def _rows(self) -> Iterator[Listed | Withdrawn]:
        from evenhand.runtime import mediakinds

        for number, found in hashfiles.rows(
            self._file, self._form, now=time.time(), kind=self._kind, unknown=mediakinds.problem, done=self._done
        ):
            if isinstance(found, str):
                self._refused.append(f"line {number}: {found}")
            else:
                yield found

    def _page(self, changes: list[Listed | Withdrawn], *, complete: bool) -> Page:
        refused, self._refused = tuple(self._refused), []
        return Page(changes=tuple(changes), complete=complete, whole=self._whole, refused=refused)
