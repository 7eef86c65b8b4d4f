"""A file on this machine as a hash list: read whole each time, so that what is not in it any more is withdrawn."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from evenhand.connectors.hashfiles.reading import FORMATS, rows
from evenhand.engine.media import hashcsv
from evenhand.engine.media.listing import Listed, ListFailed, Page, Setting, Withdrawn
from evenhand.runtime import mediakinds

_PAGE = 1_000
_MOST_REFUSED = 1_000
"""A file of which more than so many rows cannot be read has another format."""


class HashFile:
    """A file (port: desk.media.services.HashList). `kind`: of bare hashes in CSV that do not say theirs."""

    def __init__(self, path: Path, form: str, *, kind: str = "", clock: Callable[[], float] = time.time) -> None:
        if form not in FORMATS:
            raise ListFailed(f"There is no format “{form[:60]}” of hash files. There are: {', '.join(FORMATS)}.")
        self._path, self._form, self._kind, self._clock = path, form, kind, clock

    def pull(self, cursor: str) -> Iterator[Page]:  # noqa: ARG002 (a file is read from its beginning)
        """Told as whole only when every row could be read: what is refused would seem withdrawn."""
        refused: list[str] = []
        told = 0
        changes: list[Listed | Withdrawn] = []
        try:
            for change in self._changes(refused):
                changes.append(change)
                if len(changes) == _PAGE:
                    yield Page(changes=tuple(changes), refused=tuple(refused[told:]))
                    told, changes = len(refused), []
        except (ValueError, OSError) as error:
            raise ListFailed(f"{self._path}: {error}") from error
        yield Page(changes=tuple(changes), refused=tuple(refused[told:]), complete=True, whole=not refused)

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:  # noqa: ARG002 (the port's words)
        raise ListFailed("A file takes no feedback.", final=True)

    def _changes(self, refused: list[str]) -> Iterator[Listed | Withdrawn]:
        good = self._good(refused)
        return hashcsv.joined(good) if self._form in {"csv", "json"} else good

    def _good(self, refused: list[str]) -> Iterator[Listed | Withdrawn]:
        for line, found in rows(self._path, self._form, now=self._clock(), kind=self._kind):
            if not isinstance(found, str):
                yield found
                continue
            refused.append(f"line {line}: {found}")
            if len(refused) > _MOST_REFUSED:
                raise ValueError(f"more than {_MOST_REFUSED:,} rows cannot be read as {self._form}: {refused[0]}")


SETTINGS: Final = (
    Setting(name="path", needed=True),
    Setting(name="format", default="csv", choices=FORMATS),
    Setting(name="hash_kind"),
)


def from_config(config: Mapping[str, Any], *, allow_private: Collection[str] = ()) -> HashFile:  # noqa: ARG001 (as of all)
    """`path`, `format`, perhaps `hash_kind`. Raises ListFailed."""
    path, form, kind = config.get("path"), config.get("format", "csv"), config.get("hash_kind", "")
    if not isinstance(path, str) or not path or not isinstance(form, str) or not isinstance(kind, str):
        raise ListFailed("The list's configuration needs path, and perhaps format and hash_kind, as text.")
    if kind and (told := mediakinds.problem(kind)):
        raise ListFailed(f"hash_kind: {told}")
    return HashFile(Path(path), form, kind=kind)
