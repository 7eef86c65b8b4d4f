"""The demo's data folder: what makes it one, what the demo remembers in it, and that only one runs on it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

_STATE, _KEY, _CONFIG, _LOCK, _LOG = "demo.json", "demo.key", "evenhand.toml", "demo.lock", "serve.log"


class NotADemo(Exception):
    """The folder holds something else; a sentence for the person who named it."""


class Busy(Exception):
    """Another demo runs on the folder."""


class State(Struct, frozen=True):
    """How far the story has been told."""

    seed: int
    started_at: str
    """The first moment of day 0, ISO 8601."""
    hours: float
    """How much of day 0 there is."""
    sent: int = 0
    """How many calls of day 0 the desk has."""
    day: int = 0
    """The last day that was begun."""
    platform_port: int = 0


class Folder(Struct, frozen=True):
    path: Path

    @property
    def config(self) -> Path:
        return self.path / _CONFIG

    @property
    def log(self) -> Path:
        return self.path / _LOG

    def state(self) -> State | None:
        """None where no demo was begun. Raises NotADemo: something else is in the folder."""
        file = self.path / _STATE
        if file.exists():
            return msgspec.json.decode(file.read_bytes(), type=State)
        if self._others():
            raise NotADemo(
                f"{self.path} is not empty, and no demo made it. Name another folder with --data: the demo "
                "never touches a desk of yours."
            )
        return None

    def keep(self, state: State) -> None:
        draft = self.path / f".{_STATE}"
        draft.write_bytes(msgspec.json.encode(state))
        draft.replace(self.path / _STATE)

    def key(self) -> str:
        """The platform's API key; empty before there is one."""
        file = self.path / _KEY
        return file.read_text("ascii").strip() if file.exists() else ""

    def keep_key(self, key: str) -> None:
        descriptor = os.open(self.path / _KEY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key)

    def clear(self) -> None:
        """Throw the demo away. Raises NotADemo: it is none."""
        if self.state() is not None:
            for entry in self.path.iterdir():
                if entry.name != _LOCK:
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _others(self) -> list[str]:
        return [entry.name for entry in self.path.iterdir() if entry.name != _LOCK]


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder, made if need be, for this process alone. Raises Busy."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"A demo runs on {path} already. Stop it with Ctrl-C, or name another folder with --data."
            ) from None
        yield Folder(path.resolve())
