"""Which processes of the desk are at work on a data folder, and the configuration that each began with."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
from msgspec import Struct

from evenhand.runtime import config
from evenhand.runtime.config import Sources

Kind = Literal["serve", "worker", "hma"]
_FOLDER = "running"
_DRAFT = "."
_held: list[BinaryIO] = []
"""Locked as long as this process lives, however it ends: a process number alone may mean another one by then."""


class Process(Struct, frozen=True):
    kind: Kind
    pid: int
    sources: Sources
    parent: int = 0
    """The process that starts it anew when it ends; 0: none."""
    port: int = 0

    @property
    def to_end(self) -> int:
        """The process to end, so that this one stays ended."""
        return self.parent if self.parent and _is_there(self.parent) else self.pid


def announce(folder: Path, kind: Kind, *, parent: int = 0, port: int = 0) -> None:
    """Say that this process is at work on `folder`. It works all the same where the file system knows no locks."""
    told = Process(kind, os.getpid(), config.begun_with(), parent, port)
    name = f"{kind}-{secrets.token_hex(4)}"
    place = folder / _FOLDER
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f"{_DRAFT}{name}"
        file = draft.open("wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(msgspec.json.encode(told))
        file.flush()
        draft.rename(place / name)
        _held.append(file)


def processes(folder: Path) -> Iterator[Process]:
    """Those that are alive now. What dead ones left is cleared away."""
    place = folder / _FOLDER
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if not path.name.startswith(_DRAFT) and (found := _alive(path)):
            yield found


def _alive(path: Path) -> Process | None:
    with suppress(OSError, msgspec.MsgspecError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return msgspec.json.decode(file.read(), type=Process)
        path.unlink()
    return None


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True
