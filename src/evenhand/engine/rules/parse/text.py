"""A rule file as text: its lines, and the places in it that problems are told with."""

from __future__ import annotations

import ast
import re
from typing import Protocol

from evenhand.engine.rules.problem import Problem, Span

_LINE_END = re.compile(r"\r\n|\r|\n")


class Placed(Protocol):
    """A node of Python's syntax tree. Its columns count bytes of UTF-8 from 0."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Text:
    """`path` as other files name it, `lines` without their ends (and without a byte order mark)."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source.removeprefix("\ufeff")
        self.lines = _LINE_END.split(self.source)
        self._characters: dict[int, list[int]] = {}

    def span(self, node: Placed) -> Span:
        """Where the node stands, in characters."""
        end_line = node.end_lineno or node.lineno
        end = node.col_offset + 1 if node.end_col_offset is None else node.end_col_offset
        return Span(
            file=self.path,
            line=node.lineno,
            column=self._column(node.lineno, node.col_offset),
            end_line=end_line,
            end_column=self._column(end_line, end),
        )

    def problem(self, where: Placed | Span, message: str, hint: str = "", *, warning: bool = False) -> Problem:
        span = where if isinstance(where, Span) else self.span(where)
        line = self.line(span.line)
        end = span.end_column if span.end_line == span.line else len(line) + 1
        return Problem(
            file=self.path,
            line=span.line,
            column=span.column,
            message=message,
            hint=hint,
            severity="warning" if warning else "error",
            source=line,
            width=max(1, end - span.column),
        )

    def at(self, line: int, column: int = 1, width: int = 1) -> Span:
        """A place that may have been told wrong, moved into the file."""
        line = min(max(line, 1), len(self.lines))
        column = min(max(column, 1), len(self.line(line)) + 1)
        return Span(self.path, line, column, line, column + max(1, width))

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def shown(self, node: ast.expr, most: int = 40) -> str:
        """What is written there, cut when it is long."""
        span = self.span(node)
        line = self.line(span.line)
        text = line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else line[span.column - 1 :]
        return text if len(text) <= most and span.line == span.end_line else f"{text[: most - 1]}…"

    def _column(self, number: int, offset: int) -> int:
        line = self.line(number)
        if line.isascii():
            return min(offset, len(line)) + 1
        if number not in self._characters:
            self._characters[number] = [at for at, one in enumerate(line) for _ in range(len(one.encode()))]
        before = self._characters[number]
        return (before[offset] if offset < len(before) else len(line)) + 1
