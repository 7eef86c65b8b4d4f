"""Paths into an event: `$.user.name`, `$.images[0]`, `$['a key']`, `$.links[*].url`, `$..id`; and what they lead to."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final


class Step(enum.Enum):
    """What is no name and no index. `ITEMS` of a thing that is no list are the thing itself."""

    ITEMS = "[*]"
    VALUES = ".*"
    ANYWHERE = ".."

    def __repr__(self) -> str:
        return self.name


WILDCARD: Final = Step.ITEMS
Path = tuple[str | int | Step, ...]
MISSING: Final = object()
"""What a path leads to where there is nothing."""
MOST_CHARACTERS: Final = 1_000
_STEP = re.compile(
    r"""
    (?P<deep>\.\.)(?=[\w@$'"*\[])
    | \.?(?P<quoted>'[^']*'|"[^"]*")
    | \.?(?P<name>[^\W\d][\w@$-]*|[@$][\w@$-]+)
    | (?P<values>\.?\*)
    | \[\s*(?:(?P<index>\d{1,9})|(?P<items>\*)|(?P<key>'[^']*'|"[^"]*"|[^\W\d][\w@$-]*))\s*\]
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^\W\d][\w@$-]*|[@$][\w@$-]+")
_ALL_ITEMS: Final = "write [*] for all items, and let the rule choose: ListContains(...), RegexMatchMap(...)"
_MISTAKES: Final = [
    (re.compile(pattern), message, hint)
    for pattern, message, hint in (
        (r"\[\s*-\d", "indexes count from the start", "write [0] for the first item"),
        (r"\[\s*\?", "filters are not part of paths here", _ALL_ITEMS),
        (r"\[[^\]]*:", "slices are not part of paths here", "write [*] for all items, [0] for the first"),
        (r"\.\d", "an index stands in brackets", "write [0]"),
        (r"\[", "the bracket holds no field and no index", "write ['field'], [0] or [*]"),
        (r"\s", "a space in a path", "quote fields that have spaces: $['a field']"),
        (r"\.\Z", "the path ends with a dot", "leave it out"),
    )
]


class NotAPath(ValueError):
    """`at`: how many characters of the path could be read; `message` and `hint`: for its author."""

    def __init__(self, at: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.at, self.message, self.hint = at, message, hint


@lru_cache(maxsize=4096)
def parse(path: str) -> Path:
    """The steps from the event to the value: names of fields, indexes of items, and `Step`s.

    Raises NotAPath.
    """
    if len(path) > MOST_CHARACTERS:
        raise NotAPath(0, f"a path has at most {MOST_CHARACTERS} characters")
    if not path:
        raise NotAPath(0, "the path is empty", "write '$.field'")
    at = 1 if path == "$" or path.startswith(("$.", "$[")) else 0
    steps: list[str | int | Step] = []
    while at < len(path):
        found = _STEP.match(path, at)
        if not found or (steps and steps[-1] is not Step.ANYWHERE and path[at] not in ".["):
            raise _unread(path, at)
        steps.append(_step(found))
        if steps.count(Step.ANYWHERE) > 1:
            raise NotAPath(at, "a path has `..` once at most", "write the fields in between")
        at = found.end()
    return tuple(steps)


def first(path: str, data: Any) -> Any:
    """The first thing that the path leads to, or MISSING."""
    return next(_found(parse(path), 0, data), MISSING)


def shown(path: Path) -> str:
    """The path as an author would write it."""
    told = "$"
    for step in path:
        if isinstance(step, Step):
            told += step.value
        elif isinstance(step, int):
            told += f"[{step}]"
        else:
            told += f".{step}" if _PLAIN.fullmatch(step) else f"[{_quoted(step)}]"
    return told


def _quoted(key: str) -> str:
    quote = '"' if "'" in key else "'"
    return f"{quote}{key}{quote}"


def _step(found: re.Match[str]) -> str | int | Step:
    match found.lastgroup:
        case "deep":
            return Step.ANYWHERE
        case "values":
            return Step.VALUES
        case "items":
            return Step.ITEMS
        case "index":
            return int(found["index"])
    word = found[str(found.lastgroup)]
    return word[1:-1] if word[0] in "'\"" else word


def _unread(path: str, at: int) -> NotAPath:
    for pattern, message, hint in _MISTAKES:
        if pattern.match(path, at):
            return NotAPath(at, message, hint)
    return NotAPath(
        at, "the path cannot be read from here", "write $.field, $.field[0], $['a field'] or $.list[*].field"
    )


def _found(path: Path, at: int, value: Any) -> Iterator[Any]:
    """All matches, in the order of the event."""
    while at < len(path):
        step = path[at]
        at += 1
        if isinstance(step, str):
            if not isinstance(value, dict) or step not in value:
                return
            value = value[step]
        elif isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return
            value = value[step]
        else:
            for one in _others(step, value):
                yield from _found(path, at, one)
            return
    yield value


def _others(step: Step, value: Any) -> Iterator[Any]:
    if step is Step.VALUES:
        yield from value.values() if isinstance(value, dict) else ()
    elif step is Step.ITEMS:
        yield from value if isinstance(value, list) else (value,)
    else:
        waiting = [value]
        while waiting:
            one = waiting.pop()
            yield one
            inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            waiting += reversed(list(inner))
