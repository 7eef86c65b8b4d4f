"""What differs between the files of two versions, line by line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Literal

from msgspec import Struct

MOST_LINES = 400
"""Of each file; what is more is told, not shown."""


class Line(Struct, frozen=True):
    kind: Literal["same", "gone", "new", "place"]
    text: str


class Change(Struct, frozen=True):
    """A file that differs. `more`: lines that are not shown."""

    path: str
    kind: Literal["new", "gone", "changed"]
    lines: list[Line]
    more: int


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    return [
        _change(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]


def _change(path: str, before: str | None, after: str | None) -> Change:
    lines = list(_lines(before or "", after or ""))
    kind: Literal["new", "gone", "changed"] = "new" if before is None else "gone" if after is None else "changed"
    return Change(path, kind, lines[:MOST_LINES], max(0, len(lines) - MOST_LINES))


def _lines(before: str, after: str) -> Iterator[Line]:
    for number, line in enumerate(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)):
        if number < 2:  # noqa: PLR2004 (the two lines that name the files)
            continue
        kinds: dict[str, Literal["same", "gone", "new", "place"]] = {"-": "gone", "+": "new", "@": "place"}
        kind = kinds.get(line[:1], "same")
        yield Line(kind, line if kind == "place" else line[1:])
