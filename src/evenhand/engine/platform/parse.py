"""From the text of `platform.toml` to a checked document, or to all its mistakes at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable

import msgspec

from evenhand.engine.platform import source as text
from evenhand.engine.platform.checks import check
from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Invalid, Problem
from evenhand.engine.platform.shape import Reading, read

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


def parse(source: str, *, categories: Collection[str]) -> Platform:
    """The document that `source` (TOML) describes. `categories` are the DSA's statement categories that are known.

    Raises Invalid with every problem and its line, in the order of the lines.
    """
    source = source.removeprefix("\ufeff")
    reading = read(_load(source))
    problems = problems_of(reading, categories)
    if problems:
        raise Invalid(_with_lines(problems, source))
    return reading.platform


def problems_of(reading: Reading, categories: Collection[str]) -> list[Problem]:
    """What is wrong with the shape and the sense of what was read; one problem for each place."""
    told = {problem.path: problem for problem in reading.problems}
    for problem in check(reading.platform, categories):
        if not _follows(problem.path, reading.spoilt):
            told.setdefault(problem.path, problem)
    return list(told.values())


def _follows(path: str, spoilt: frozenset[str]) -> bool:
    """Whether the place lies in an object that could not be read whole. (The document itself always can.)"""
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in spoilt if place)


def _load(source: str) -> dict[str, object]:
    try:
        return tomllib.loads(source)
    except RecursionError:
        found = "brackets in brackets, too deep to read"
        raise Invalid([Problem(path="document", expected="TOML", found=found)]) from None
    except ValueError as error:
        raise Invalid([_syntax(str(error), source)]) from None


def _syntax(message: str, source: str) -> Problem:
    place = _AT_LINE.search(message)
    line = int(place.group(1)) if place and place.group(1) else source.count("\n") + 1
    return Problem(path="document", expected="TOML", found=_AT_LINE.sub("", message), line=line)


def _with_lines(problems: Iterable[Problem], source: str) -> list[Problem]:
    known = text.lines(source)
    placed = [msgspec.structs.replace(problem, line=text.line_of(problem.path, known)) for problem in problems]
    return sorted(placed, key=lambda problem: problem.line or 0)
