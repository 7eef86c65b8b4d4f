"""Ids and names: there, not too long, on one line, each once in its section."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.platform.document import MAX_ID, SECTIONS, Platform
from evenhand.engine.platform.problems import Problem, quoted


def check(platform: Platform) -> Iterator[Problem]:
    yield from _name(platform.name, "name")
    for section in SECTIONS:
        first: dict[str, int] = {}
        for at, thing in enumerate(getattr(platform, section)):
            path = f"{section}[{at}]"
            yield from identifier(thing.id, f"{path}.id")
            if thing.id in first:
                yield _again(thing.id, f"{path}.id", f"{section}[{first[thing.id]}]")
            first.setdefault(thing.id, at)
            if hasattr(thing, "name"):
                yield from _name(thing.name, f"{path}.name")


def identifier(text: str, path: str) -> Iterator[Problem]:
    """`text` can be an id, or the name of a field or parameter."""
    if not 1 <= len(text) <= MAX_ID or "\n" in text or "\t" in text:
        yield Problem(path=path, expected=f"1 to {MAX_ID} characters on one line", found=_size(text))


def _name(text: str, path: str) -> Iterator[Problem]:
    if not text.strip() or "\n" in text:
        yield Problem(path=path, expected="a name on one line", found=quoted(text))


def _again(text: str, path: str, first: str) -> Problem:
    return Problem(path=path, expected="an id that nothing else here has", found=f"{quoted(text)}, as in {first}")


def _size(text: str) -> str:
    return f"{len(text)} characters" if len(text) > MAX_ID else quoted(text)
