"""From text to Python's syntax tree. A file with mistakes is read statement by statement, so that all are told."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from msgspec import Struct

from evenhand.engine.rules.parse.grammar import too_deep
from evenhand.engine.rules.parse.text import Text
from evenhand.engine.rules.problem import Problem

MOST_CHARACTERS = 1_000_000
MOST_STATEMENTS = 20_000
MOST_TOLD = 50
"""Syntax errors told in one file."""
_DIVIDE = "divide it into several files, and Import or Require them"
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_TOKEN = re.compile(
    r"""
    \#[^\n]*
    | \"""(?:[^\\"]|\\.|"(?!""))*(?:\"""|\Z)
    | '''(?:[^\\']|\\.|'(?!''))*(?:'''|\Z)
    | "(?:[^\\"\n]|\\.)*"?
    | '(?:[^\\'\n]|\\.)*'?
    | [()\[\]{}\n]
    """,
    re.DOTALL | re.VERBOSE,
)
_STARTS = re.compile(r"[^\W\d]")
_AT_LINE_START = re.compile(r"^[^\W\d]", re.MULTILINE)
_SURELY_STARTS = re.compile(r"[A-Z_]\w*\s*(?::[^=\n]*)?=(?!=)|(?:Import|Require|WhenRules)\(")
_NAMED = re.compile(r"([^\W\d]\w*)\s*[:=](?!=)")
_DETECTED = re.compile(r" ?\(detected at line \d+\)| on line \d+|\(<.*?>, line \d+\)")
_PERHAPS = re.compile(r"^(?P<what>.*?)\. (?:Perhaps|Maybe|Did) (?:you )?(?:forgot|meant?|mean) (?P<hint>.*?)\?*$")


class Broken(Struct, frozen=True):
    """`names` are those that statements assign which could not be read: others may use them without another problem."""

    problems: tuple[Problem, ...] = ()
    names: frozenset[str] = frozenset()


def statements(text: Text) -> tuple[list[ast.stmt], Broken]:
    """The statements that can be read, in order, and what is wrong with the others."""
    problem = _unfit(text)
    if problem:
        return [], Broken((problem,))
    try:
        read = _parsed(text.source)
        problem = _too_many(text, len(read))
        return ([], Broken((problem,))) if problem else (read, Broken())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _piecewise(text, error)


def _unfit(text: Text) -> Problem | None:
    """What keeps a file from being read at all."""
    if len(text.source) > MOST_CHARACTERS:
        return text.problem(
            text.at(1),
            f"the file has {len(text.source):,} characters; at most {MOST_CHARACTERS:,} are read",
            _DIVIDE,
        )
    found = _UNREADABLE.search(text.source)
    if not found:
        return _too_many(text, len(_AT_LINE_START.findall(text.source)))
    before = Text(text.path, text.source[: found.start()] + "x")
    place = text.at(len(before.lines), len(before.lines[-1]))
    if found.group() == "\x00":
        return text.problem(place, "a NUL character; the file is not text")
    return text.problem(place, "half of a surrogate pair; the file is not valid Unicode")


def _too_many(text: Text, statements: int) -> Problem | None:
    if statements <= MOST_STATEMENTS:
        return None
    message = f"the file has {statements:,} statements; at most {MOST_STATEMENTS:,} are read"
    return text.problem(text.at(1), message, _DIVIDE)


def _parsed(source: str) -> list[ast.stmt]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes such as "\d", which rule files have in patterns
        return ast.parse(source).body


def _piecewise(text: Text, whole: Exception) -> tuple[list[ast.stmt], Broken]:
    read: list[ast.stmt] = []
    problems: list[Problem] = []
    names: set[str] = set()
    for first, chunk in _chunks(text):
        try:
            read += [ast.increment_lineno(one, first) for one in _parsed(chunk)]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problems.append(_told(text, error, first))
            names.update(found.group(1) for found in [_NAMED.match(chunk)] if found)
        if len(problems) >= MOST_TOLD:
            break
    if not problems:
        problems.append(_told(text, whole, 0))
    return read, Broken(tuple(problems), frozenset(names))


def _chunks(text: Text) -> Iterator[tuple[int, str]]:
    """Each statement with the number of lines before it; what stands between goes with the one before."""
    source = "\n".join(text.lines)
    begin, lines_before = 0, 0
    for start in [*_starts(source), len(source)]:
        if start > begin:
            chunk = source[begin:start]
            if chunk.strip():
                yield lines_before, chunk
            lines_before += chunk.count("\n")
            begin = start


def _starts(source: str) -> Iterator[int]:
    """Where a statement begins at the first column, outside of strings; inside brackets only where it surely does."""
    depth = 0
    for token in _TOKEN.finditer(f"\n{source}"):
        kind, after = token.group()[0], token.end() - 1
        if kind in "([{":
            depth += 1
        elif kind in ")]}":
            depth = max(0, depth - 1)
        elif kind == "\n" and (_SURELY_STARTS if depth else _STARTS).match(source, after):
            depth = 0
            yield after


def _told(text: Text, error: Exception, lines_before: int) -> Problem:
    if not isinstance(error, SyntaxError):
        return too_deep(text, lines_before + 1)
    message = _DETECTED.sub("", error.msg)
    if "too many nested" in message or "too deep" in message:
        return too_deep(text, lines_before + (error.lineno or 1))
    place = text.at(lines_before + (error.lineno or 1), error.offset or 1, _width(error))
    if "integer string conversion" in message:
        return text.problem(place, "a number with too many digits")
    perhaps = _PERHAPS.match(message)
    if perhaps:
        message, hint = perhaps["what"], f"perhaps you meant {perhaps['hint']}"
        if "forgot" in error.msg:
            hint = f"perhaps {perhaps['hint']} is missing"
    else:
        hint = ""
    if message == "unexpected indent":
        hint = "statements start in the first column"
    return text.problem(place, f"this cannot be read: {message}", hint)


def _width(error: SyntaxError) -> int:
    if error.end_lineno != error.lineno or not error.end_offset or not error.offset:
        return 1
    return max(1, error.end_offset - error.offset)
