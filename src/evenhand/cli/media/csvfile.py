"""A CSV file of hashes, as `evenhand media bank import` takes it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from evenhand.cli.rules.folder import printable
from evenhand.engine.media import hashcsv
from evenhand.engine.media.listing import Listed, ListFailed, Page, Withdrawn

_PAGE = 1_000
_LONGEST_HEAD = 10_000
"""Characters of a first line that may name columns."""


def left_out(file: Path) -> list[str]:
    """Columns from which nothing is read, since none of ours is called so."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        return [printable(name) for name in hashcsv.left_out(lines.readline(_LONGEST_HEAD))]


class File:
    """A CSV file as a list (port: media.services.HashList)."""

    def __init__(self, file: Path, kind: str, *, whole: bool, done: Callable[[int], None]) -> None:
        self._file, self._kind, self._whole, self._done = file, kind, whole, done
        self._refused: list[str] = []

    def pull(self, cursor: str) -> Iterator[Page]:  # noqa: ARG002 (a file is read from its beginning)
        gathered: list[Listed | Withdrawn] = []
        try:
            for change in hashcsv.joined(self._rows()):
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

        with self._file.open(encoding="utf-8", errors="replace") as lines:
            for number, found in hashcsv.read(self._told(lines), kind=self._kind, unknown=mediakinds.problem):
                if isinstance(found, str):
                    self._refused.append(f"line {number}: {found}")
                else:
                    yield found

    def _told(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._done(len(line))
            yield line

    def _page(self, changes: list[Listed | Withdrawn], *, complete: bool) -> Page:
        refused, self._refused = tuple(self._refused), []
        return Page(changes=tuple(changes), complete=complete, whole=self._whole, refused=refused)
