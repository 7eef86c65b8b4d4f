"""Which files the event did not bring in, and what kept them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.engine.rules.explain.report import NotIncluded
from evenhand.engine.rules.explain.sentences import Sentences
from evenhand.engine.rules.explain.shorten import quoted
from evenhand.engine.rules.explain.watched import Watched
from evenhand.engine.rules.explain.written import written
from evenhand.engine.rules.tree import Require
from evenhand.engine.rules.values import FAILED

_MOST: Final = 8


def not_included(file: str, run: Watched) -> tuple[NotIncluded, ...]:
    """What kept a file out, outermost first; nothing when it is in."""
    if file in run.files:
        return ()
    found: list[NotIncluded] = []
    waiting, seen = [file], {file}
    while waiting and len(found) < _MOST:
        wanted = waiting.pop(0)
        ways = list(_ways(wanted, run))
        found += [_told(wanted, by, require, run) for by, require in ways] or [_nobody(wanted)]
        outside = [by for by, _ in ways if by not in run.files and by not in seen]
        seen.update(outside)
        waiting += outside
    return tuple(reversed(found[:_MOST]))


def _ways(file: str, run: Watched) -> Iterator[tuple[str, Require | None]]:
    """The files that bring a file in, with the Require that does; None: by Import."""
    for path, one in run.program.files.items():
        for statement in one.statements:
            if isinstance(statement, Require) and file in statement.files:
                yield path, statement
        if file in one.imports:
            yield path, None


def _told(file: str, by: str, require: Require | None, run: Watched) -> NotIncluded:
    if require is None:
        told = f"{file} did not run: it comes with {by}, which did not run."
        return NotIncluded(file=file, by=by, line=1, text=f"Import(rules=[…{file!r}…])", told=told)
    pattern = written(require.pattern)
    condition = f", require_if={written(require.condition)}" if require.condition is not None else ""
    text = f"Require(rule={pattern}{condition})"
    return NotIncluded(
        file=file, by=by, line=require.span.line, text=text, told=f"{file} did not run: {_why(by, require, run)}."
    )


def _why(by: str, require: Require, run: Watched) -> str:
    if by not in run.files:
        return f"{by} would bring it in, and did not run either"
    if require.condition is not None and run.of(require.condition) is not True:
        return Sentences(run).condition(require.condition)
    came_to = run.of(require.pattern)
    if came_to is FAILED:
        return Sentences(run).cause(require.pattern)
    return f"for this event, line {require.span.line} of {by} asks for {quoted(str(came_to))}"


def _nobody(file: str) -> NotIncluded:
    return NotIncluded(
        file=file, by="", line=1, text="", told=f"{file} did not run: no file brings it in with Import or Require."
    )
