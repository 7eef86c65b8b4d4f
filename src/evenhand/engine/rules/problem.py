"""What is wrong with a rule project: every mistake with its place, in words for its author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import combining, east_asian_width

from msgspec import Struct

_WIDE: Final = 160
"""Characters of a line that are shown, ..."""
_BEFORE: Final = 60
"""... and of them before the caret, where the line is longer."""
_MOST_TOLD: Final = 100
"""Problems in the message of an error; `problems` has all."""


class Span(Struct, frozen=True, order=True, gc=False):
    """A place in a file. Lines and columns count from 1; `end_column` is the first column after it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Problem(Struct, frozen=True, order=True):
    """`hint` says what to do, perhaps "did you mean"; `severity` "warning" does not keep the rules from running."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: str = "error"
    source: str = ""
    """The line itself."""
    width: int = 1
    """How many characters of it are meant."""
    key: tuple[str, ...] = ()
    """Of a mistake in the configuration: the keys that lead to it, the outermost first."""

    def __iter__(self) -> Iterator[str | int]:
        """file, line, column, message, hint: for scripts that take a problem apart."""
        return iter((self.file, self.line, self.column, self.message, self.hint))

    def __str__(self) -> str:
        """The place, the line with a caret under what is meant, and the hint."""
        told = [f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}"]
        if self.source:
            gutter = f"{self.line:>5} | "
            start = max(0, self.column - 1 - _BEFORE) if len(self.source) > _WIDE else 0
            shown = "".join(map(_visible, self.source[start : start + _WIDE]))
            at = self.column - 1 - start
            width = min(max(1, self.width), max(1, len(shown) - at))
            told += [
                gutter + shown,
                " " * (len(gutter) + _cells(shown[:at])) + "^" * _cells(shown[at : at + width] or " "),
            ]
        if self.hint:
            told.append(f"      = {self.hint}")
        return "\n".join(told)


def _visible(character: str) -> str:
    """Text from a file must not steer the terminal that it is shown in."""
    return character if character.isprintable() else " " if character.isspace() else "\ufffd"


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


class RuleError(Exception):
    """A rule project that cannot be run. `problems` has all that is wrong, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        told = [str(one) for one in self.problems[:_MOST_TOLD]]
        if len(self.problems) > _MOST_TOLD:
            told.append(f"... and {len(self.problems) - _MOST_TOLD:,} more")
        super().__init__("\n".join(told))
