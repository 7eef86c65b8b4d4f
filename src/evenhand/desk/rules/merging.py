"""Two people's changes to the same files: put together by line where they do not touch. Pure.

The way of diff3: what each changed about the text that both began with is taken over, unless two changes overlap or
stand next to each other and are not the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from msgspec import Struct


class Together(Struct, frozen=True):
    """`texts`: the files with the changes of both. `clashes`: paths where both changed the same; mine stands there."""

    texts: dict[str, str]
    clashes: list[str]


class _Change(Struct, frozen=True, order=True):
    """These lines stand in place of those from `start` up to `end`, counted from 0."""

    start: int
    end: int
    lines: tuple[str, ...]


def together(before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Together:
    texts: dict[str, str] = {}
    clashes: list[str] = []
    for path in dict.fromkeys([*theirs, *mine, *before]):
        text, clash = _file(before.get(path), mine.get(path), theirs.get(path))
        if clash:
            clashes.append(path)
        if text is not None:
            texts[path] = text
    return Together(texts, clashes)


def _file(before: str | None, mine: str | None, theirs: str | None) -> tuple[str | None, bool]:
    """None: the file is not there. True: both changed it, and it cannot be told what both want."""
    if theirs in {before, mine}:
        return mine, False
    if mine == before:
        return theirs, False
    if before is None or mine is None or theirs is None:
        return mine if mine is not None else theirs, True
    text = merged(before, mine, theirs)
    return (mine, True) if text is None else (text, False)


def merged(before: str, mine: str, theirs: str) -> str | None:
    """The text with the changes of both; None where they touch."""
    lines = before.splitlines(keepends=True)
    changes = sorted({*_changes(lines, mine), *_changes(lines, theirs)})
    found: list[str] = []
    at = -1
    for change in changes:
        if change.start <= at:
            return None
        found += [*lines[max(at, 0) : change.start], *change.lines]
        at = change.end
    return "".join([*found, *lines[max(at, 0) :]])


def _changes(lines: list[str], after: str) -> list[_Change]:
    new = after.splitlines(keepends=True)
    return [
        _Change(a, b, tuple(new[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, lines, new).get_opcodes()
        if kind != "equal"
    ]
