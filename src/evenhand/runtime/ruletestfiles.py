"""Which files of a rule project are its tests, and their texts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from evenhand.engine.rules.problem import Problem

MOST_BYTES: Final = 4_000_000
PATTERNS: Final = ("tests/**/*.yaml", "tests/**/*.yml", "**/*_test.yaml", "**/*_test.yml")


def is_test(path: str) -> bool:
    """Whether a file of this path, from the project's folder, is one of tests, wherever it stands."""
    return any(fnmatchcase(path, pattern.replace("**/", "*")) for pattern in PATTERNS)


def files(folder: Path) -> list[Path]:
    found = {file for pattern in PATTERNS for file in folder.glob(pattern) if file.is_file()}
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def read(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """The texts by their paths in the folder, letter for letter; and what is wrong with those that cannot be read."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in files(folder):
        name = file.relative_to(folder).as_posix()
        try:
            texts[name] = _text(file)
        except _Refused as refused:
            problems.append(Problem(name, 1, 1, str(refused), refused.hint))
    return texts, problems


class _Refused(Exception):
    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _Refused(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        message = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise _Refused(message, "save the file as UTF-8") from None
    except OSError as error:
        raise _Refused(f"the file cannot be read: {error.strerror}") from None
