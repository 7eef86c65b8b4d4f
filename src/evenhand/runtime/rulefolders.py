"""Rule projects as folders: rule files anywhere in them, configuration in YAML at the top and in config/, lists/."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.runtime import ruleconfig, ruletestfiles, yamlfiles

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 64_000_000
"""Of all files together."""
MOST_BYTES_OF_ONE: Final = 4_000_000


class Sources(Struct, frozen=True):
    """`sources`: the text of each rule file by its path in the folder. `config["lists"]` has the word lists by name.
    `files`: the texts that the configuration was read from, by their paths."""

    sources: dict[str, str]
    config: dict[str, Any]
    files: dict[str, str] = {}


class Look(Struct, frozen=True):
    """A folder as far as it can be read. `checkable`: what can be checked of it whatever the rest may say; None where
    rules themselves cannot be read."""

    found: Sources
    problems: list[Problem]
    checkable: Sources | None


def read_folder(path: str | Path) -> Sources:
    """What the folder holds. Hidden files and folders are passed over, and so are tests.

    Raises RuleError: it is no folder, or files of it cannot be read; all of them are told.
    """
    seen = look(path)
    if seen.problems:
        raise RuleError(seen.problems)
    return seen.found


def look(path: str | Path) -> Look:
    """The same as far as it goes, and what is wrong with the rest. Raises RuleError: it is no folder."""
    reading = _Reading(Path(path))
    for name in reading.names():
        reading.take(name)
    config = ruleconfig.merged(reading.files)
    found = Sources(reading.sources, config.values, reading.files)
    checkable = Sources(reading.sources, ruleconfig.checkable(config), reading.files)
    known = not any(one.file.endswith(".sml") for one in reading.problems)
    return Look(found, [*reading.problems, *config.problems], checkable if known else None)


def paths(folder: Path) -> list[str]:
    """The paths of all files of the project in the folder, tests too. Raises RuleError: it is no folder."""
    tests = (file.relative_to(folder).as_posix() for file in ruletestfiles.files(folder))
    return sorted({*_Reading(folder).names(), *tests})


class _Reading:
    """One folder, file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.sources: dict[str, str] = {}
        self.files: dict[str, str] = {}
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
        try:
            text = self._text(name)
        except _Refused as refused:
            self.problems.append(refused.problem)
            return
        texts = self.sources if name.endswith(".sml") else self.files
        texts[name] = text

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
    return name.endswith(".sml") or (ruleconfig.is_ours(name) and not ruletestfiles.is_test(name))
