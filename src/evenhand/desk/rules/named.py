"""Policies and actions that rules name and the platform document does not know: told before the rules run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.rules import Problem, RuleSet
from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.naming import meant
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.tree import Call, Expr, Literal, Require

_MOST = 8
_NAMING: Mapping[str, tuple[str, ...]] = {
    "Enqueue": ("policy",),
    "Hold": ("policy",),
    "Act": ("policy", "action"),
}


def unknown(found: RuleSet, snapshot: Snapshot) -> Iterator[Problem]:
    """A desk that has no platform document yet knows none, and asks nothing."""
    if not snapshot.version:
        return
    known = {"policy": _in_use(snapshot.policies), "action": _in_use(snapshot.actions)}
    for file in found.program.files.values():
        for statement in file.statements:
            if isinstance(statement, Require):
                continue
            for one in every(statement.value):
                if isinstance(one, Call):
                    for argument in _NAMING.get(one.function.name, ()):
                        yield from _problem(one.arguments[argument], argument, known[argument], found)


def _in_use(things: Mapping[str, object]) -> list[str]:
    return [id_ for id_, thing in things.items() if not getattr(thing, "retired", False)]


def _problem(given: Expr, noun: str, known: list[str], found: RuleSet) -> Iterator[Problem]:
    value = meant(given, found.program)
    if not isinstance(value, Literal) or value.value in known:
        return
    place = given.span
    hint = did_you_mean(str(value.value), known) or f"choose one of {', '.join(known[:_MOST])}"
    message = f"the platform document has no {noun} {value.value!r} in use"
    yield Problem(place.file, place.line, place.column, message, hint)
