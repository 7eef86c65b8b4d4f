"""Rule projects as folders: rule files anywhere in them, configuration in YAML at the top and in config/, lists/."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.runtime import yamlfiles

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 64_000_000
"""Of all files together."""
MOST_BYTES_OF_ONE: Final = 4_000_000
_YAML: Final = (".yaml", ".yml")
_CONFIG, _LISTS = "config", "lists"


class Sources(Struct, frozen=True):
    """`sources`: the text of each rule file by its path in the folder. `config["lists"]` has the word lists by name."""

    sources: dict[str, str]
    config: dict[str, Any]


def read_folder(path: str | Path) -> Sources:
    """What the folder holds. Hidden files and folders are passed over.

    Raises RuleError: it is no folder, or files of it cannot be read; all of them are told.
    """
    reading = _Reading(Path(path))
    for name in reading.names():
        reading.take(name)
    if reading.problems:
        raise RuleError(reading.problems)
    return Sources(reading.sources, reading.config)


class _Reading:
    """One folder, file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.sources: dict[str, str] = {}
        self.config: dict[str, Any] = {}
        self._left = MOST_BYTES

    def names(self) -> list[str]:
        """The paths of all files that are ours, sorted, with "/" on every system."""
        if not self.folder.is_dir():
            raise RuleError([Problem(str(self.folder), 1, 1, "there is no such folder")])
        found = sorted(self._walk())
        if len(found) > MOST_FILES:
            message = f"the folder has {len(found):,} files for rules; at most {MOST_FILES:,} are read"
            raise RuleError([Problem(str(self.folder), 1, 1, message)])
        return found

    def take(self, name: str) -> None:
        text = ""
        try:
            text = self._text(name)
            if name.endswith(".sml"):
                self.sources[name] = text
            elif name.startswith(f"{_LISTS}/"):
                self._merge(name, text, yamlfiles.Document({_LISTS: {_list_name(name): yamlfiles.words(text)}}, {}))
            else:
                self._merge(name, text, yamlfiles.mapping(text))
        except yamlfiles.Unreadable as error:
            self.problems.append(error.problem(name, text))
        except _Refused as refused:
            self.problems.append(refused.problem)

    def _walk(self) -> Iterator[str]:
        for root, folders, files in os.walk(self.folder, onerror=self._unreadable):
            inside = Path(root).relative_to(self.folder)
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for one in folders:
                if (Path(root) / one).is_symlink():
                    hint = "put the files themselves there"
                    name = (inside / one).as_posix()
                    self.problems.append(Problem(name, 1, 1, "a link to a folder is not followed", hint))
            names = ((inside / one).as_posix() for one in files if not one.startswith("."))
            yield from (name for name in names if _is_ours(name))

    def _text(self, name: str) -> str:
        real = (self.folder / name).resolve()
        if not real.is_relative_to(self.folder.resolve()):
            raise _Refused(Problem(name, 1, 1, "a link that leads out of the folder", "put the file itself there"))
        try:
            status = real.stat()
            if not stat.S_ISREG(status.st_mode):
                raise _Refused(Problem(name, 1, 1, "this is not a file"))
            if status.st_size > MOST_BYTES_OF_ONE:
                raise _Refused(Problem(name, 1, 1, f"the file is larger than {MOST_BYTES_OF_ONE // 1_000_000} MB"))
            self._left -= status.st_size
            if self._left < 0:
                raise _Refused(
                    Problem(name, 1, 1, f"with this file, the folder is larger than {MOST_BYTES // 1_000_000} MB")
                )
            content = real.read_bytes()
        except OSError as error:
            raise _Refused(Problem(name, 1, 1, f"the file cannot be read: {error.strerror}")) from None
        return _decoded(name, content)

    def _merge(self, name: str, text: str, document: yamlfiles.Document) -> None:
        for keys in yamlfiles.merged(self.config, document.values):
            place = document.places.get(keys, yamlfiles.Place(1, 1))
            message = f"{'.'.join(keys)} has another value in a file before this one"
            self.problems.append(yamlfiles.problem(name, text, place, message, "leave one out"))

    def _unreadable(self, error: OSError) -> None:
        name = str(error.filename or self.folder)
        self.problems.append(Problem(name, 1, 1, f"the folder cannot be read: {error.strerror}"))


class _Refused(Exception):
    """One file that is not taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        place = yamlfiles.Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        text = content.decode(errors="replace")
        raise _Refused(yamlfiles.problem(name, text, place, message, "save the file as UTF-8")) from None


def _is_ours(name: str) -> bool:
    if name.endswith(".sml"):
        return True
    return name.endswith(_YAML) and ("/" not in name or name.startswith((f"{_CONFIG}/", f"{_LISTS}/")))


def _list_name(name: str) -> str:
    return name.removeprefix(f"{_LISTS}/").rpartition(".")[0]
