"""Saved indexes: one file for each kind in the data folder, mapped by all processes that have it open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import structlog

from evenhand.runtime import config

if TYPE_CHECKING:
    from evenhand.engine.media import HammingIndex

Stamp = tuple[int, int] | None
"""Which file it is; another one after each saving. None: there is none."""
_log = structlog.get_logger("media")


class Mapped(NamedTuple):
    hashes: HammingIndex
    position: int
    """The last change that is in it."""


def stamp(kind: str) -> Stamp:
    try:
        found = _path(kind).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def open_(kind: str) -> Mapped | None:
    """None where there is none that can be used; the log says why."""
    from evenhand.runtime import index  # noqa: PLC0415 (a desk without entries does not load it)

    try:
        return Mapped(*index.map_index(_path(kind)))
    except FileNotFoundError:
        return None
    except (index.BadIndexFile, OSError) as error:
        _log.error("A saved index cannot be used; it is made anew.", kind=kind, error=str(error))
        return None


def save(kind: str, found: HammingIndex, position: int) -> Stamp:
    """Its stamp. A disk that is full costs the file, not the index."""
    from evenhand.runtime import index  # noqa: PLC0415 (as above)

    path = _path(kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        index.save_index(path, found, position=position)
    except OSError as error:
        _log.error("An index could not be saved; it is built again at the next start.", kind=kind, error=str(error))
    return stamp(kind)


def _path(kind: str) -> Path:
    return config.current().data_dir / "media" / f"{kind}.index"
