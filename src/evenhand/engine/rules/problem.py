"""What is wrong with a rule project: every mistake with its place, in words for its author."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
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

    def __str__(self) -> str:
        """The place, the line with a caret under what is meant, and the hint."""
        told = [f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}"]
        if self.source:
            gutter = f"{self.line:>5} | "
            shown = self.source.replace("\t", " ")
            told += [gutter + shown, " " * (len(gutter) + self.column - 1) + "^" * max(1, self.width)]
        if self.hint:
            told.append(f"      = {self.hint}")
        return "\n".join(told)


class RuleError(Exception):
    """A rule project that cannot be run. `problems` has all that is wrong, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
