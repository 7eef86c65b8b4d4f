"""Policies and actions that rules name and the platform document does not know, or that cannot do what is asked: told
before the rules run."""

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
    for call in _naming(found):
        for argument in _NAMING[call.function.name]:
            yield from _problem(call.arguments[argument], argument, known[argument], found)


def unheld(found: RuleSet, snapshot: Snapshot) -> Iterator[Problem]:
    """Warnings: holds under policies that name no action to hold with."""
    for call in _naming(found):
        given = call.arguments["policy"]
        value = meant(given, found.program)
        policy = snapshot.policies.get(str(value.value)) if isinstance(value, Literal) else None
        if call.function.name == "Hold" and policy and not policy.hold:
            place = given.span
            message = f"the policy {policy.id!r} names no `hold`: nothing is hidden, the rule only asks for a person"
            hint = "give the policy a `hold` in the platform document, or write Enqueue"
            yield Problem(place.file, place.line, place.column, message, hint, "warning")


def _naming(found: RuleSet) -> Iterator[Call]:
    for file in found.program.files.values():
        for statement in file.statements:
            if not isinstance(statement, Require):
                calls = (one for one in every(statement.value) if isinstance(one, Call))
                yield from (one for one in calls if one.arguments.keys() >= set(_NAMING.get(one.function.name, ("",))))


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
