"""Tests of rules: what is given, what must follow, and when it did not: what was found instead, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules import replay
from evenhand.engine.rules.explain import explain
from evenhand.engine.rules.moments import micros
from evenhand.engine.rules.naming import members, rule_name
from evenhand.engine.rules.order import names
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.state import MemoryState
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.tree import Do, Program
from evenhand.engine.rules.types import RULE
from evenhand.engine.rules.values import Effect, Entity

MOST_INVOLVED: Final = 20
_MOST_TEXT: Final = 200


class Happened(Struct, frozen=True):
    """An event as rules see it."""

    action_name: str
    data: dict[str, Any]
    at: datetime


class Mark(Struct, frozen=True):
    """A label that somebody has before the test begins; `manual`: a person set it."""

    entity: Entity[str]
    label: str
    status: str
    manual: bool
    since: datetime
    expires: datetime | None = None


class Place(Struct, frozen=True):
    """Where a test names something: `width` characters of the line `source`."""

    line: int
    column: int
    source: str
    width: int = 1


class Then(Struct, frozen=True, kw_only=True):
    """What must follow: at least these, and none of those. None: not asked; empty where it is asked: nothing at all."""

    fired: tuple[str, ...] | None = None
    not_fired: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None
    not_labels: tuple[str, ...] = ()
    verdicts: tuple[str, ...] | None = None
    not_verdicts: tuple[str, ...] = ()
    features: dict[str, Any] = {}
    errors: tuple[str, ...] | None = None
    """Parts of what errors tell."""


class Case(Struct, frozen=True, kw_only=True):
    """One test, and where it is written."""

    name: str
    file: str
    line: int
    event: Happened
    then: Then
    earlier: tuple[Happened, ...] = ()
    marks: tuple[Mark, ...] = ()
    places: dict[str, Place] = {}
    """Where names of rules, features and labels stand, by the names."""


class Mismatch(Struct, frozen=True):
    """`why`: the features that had to do with it, and what went wrong in them."""

    expected: str
    found: str
    why: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    case: Case
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        return not self.mismatches


def run(rules: RuleSet, case: Case) -> Outcome:
    """The test on a state of its own: its labels, its earlier events, then the event that counts."""
    state = MemoryState(limits=rules.limits)
    for mark in case.marks:
        _put(state, mark)
    for number, event in enumerate(case.earlier, 1):
        replay.play(rules, state, event.action_name, event.data, at=event.at, action_id=number)
    return Outcome(case, tuple(_Judge(rules, state, case).mismatches()))


def run_all(rules: RuleSet, cases: Iterable[Case]) -> Iterator[Outcome]:
    return (run(rules, case) for case in cases)


def rules_of(program: Program) -> tuple[str, ...]:
    """The names of all rules that a WhenRules asks for: those that can fire."""
    found: dict[str, None] = {}
    for file in program.files.values():
        for statement in file.statements:
            if isinstance(statement, Do) and statement.value.function.name == "WhenRules":
                group = statement.value.arguments["rules_any"]
                written = members(group, program)
                some = (group,) if written is None else written
                found.update((rule_name(one, program), None) for one in some)
    return tuple(found)


def all_rules(program: Program) -> tuple[str, ...]:
    """The names of all rules, in their order: also of those that no WhenRules asks for."""
    named = (one.name for one in program.definitions.values() if one.type == RULE)
    return tuple(dict.fromkeys((*named, *rules_of(program))))


def unknown(rules: RuleSet, cases: Iterable[Case]) -> list[Problem]:
    """Tests that ask for what the rules do not have: such a test would never fail, or never pass."""
    program = rules.program
    known = rules_of(program)
    features = [one.name for one in program.definitions.values() if one.shown]
    found = []
    for case in cases:
        for name in (*(case.then.fired or ()), *case.then.not_fired):
            if name not in known:
                hint = did_you_mean(name, known)
                if name in features:
                    hint = "no WhenRules names it, so it never fires: ask for its value under `features`"
                found.append(_problem(case, name, f"there is no rule {name!r} that can fire", hint))
        found += [
            _problem(case, name, f"there is no feature {name!r}", did_you_mean(name, features))
            for name in case.then.features
            if name not in features and not name.startswith("__")
        ]
        found += _labels_unknown(case, program)
    return sorted(set(found))


def _labels_unknown(case: Case, program: Program) -> Iterator[Problem]:
    asked = [*(case.then.labels or ()), *case.then.not_labels]
    named = [one.label for one in case.marks] + [one.split("/")[-2] for one in asked]
    for label in dict.fromkeys(named):
        if program.labels and label not in program.labels:
            yield _problem(case, label, f"there is no label {label!r}", did_you_mean(label, program.labels))


def _problem(case: Case, name: str, message: str, hint: str) -> Problem:
    at = case.places.get(name) or Place(case.line, 1, "")
    told = f"the test asks for what is not there: {message}"
    return Problem(case.file, at.line, at.column, told, hint, source=at.source, width=at.width)


def _put(state: MemoryState, mark: Mark) -> None:
    since = micros(mark.since)
    arguments = {"label": mark.label, "expires_after": mark.expires and mark.expires - mark.since}
    kind = "label_add" if mark.status == "added" else "label_remove"
    effect = Effect(kind=kind, entity=mark.entity, arguments=arguments)
    state.apply_label(effect, at=since, reason="given by the test", manual=mark.manual)


class _Judge:
    """What the event that counts comes to, against what must follow. Its labels are not set: nothing comes after it."""

    def __init__(self, rules: RuleSet, state: MemoryState, case: Case) -> None:
        self._rules, self._state, self._case, self._then = rules, state, case, case.then
        self._number = len(case.earlier) + 1
        event = case.event
        self._result = rules.run(event.action_name, event.data, at=event.at, action_id=self._number, state=state)

    def mismatches(self) -> Iterator[Mismatch]:
        then, result = self._then, self._result
        fired = [one.rule for one in result.fired]
        yield from self._fired(fired)
        yield from _compared("label", then.labels, then.not_labels, result.labels, (_all("fired", fired),))
        yield from _compared("verdict", then.verdicts, then.not_verdicts, result.verdicts, (_all("fired", fired),))
        for name, value in then.features.items():
            found = result.features.get(name)
            if not _same(value, found):
                yield Mismatch(f"{name} is {_shown(value)}", f"{name} is {_shown(found)}", self._values(name))
        yield from self._errors()

    def _fired(self, fired: list[str]) -> Iterator[Mismatch]:
        then = self._then
        if then.fired == () and fired:
            yield Mismatch("no rule fires", _all("fired", fired), self._explained(fired[0]))
        for name in then.fired or ():
            if name not in fired:
                yield Mismatch(f"{name} fires", f"it did not; {_all('fired', fired)}", self._explained(name))
        for name in then.not_fired:
            if name in fired:
                yield Mismatch(f"{name} does not fire", "it did", self._explained(name))

    def _errors(self) -> Iterator[Mismatch]:
        asked = self._then.errors
        if asked is None:
            return
        told = [f"{one.file}:{one.line}: {one.message}" for one in self._result.errors]
        if not asked and told:
            yield Mismatch("no errors", "; ".join(told))
        for part in asked:
            if not any(part in one for one in told):
                yield Mismatch(f"an error that tells {part!r}", "; ".join(told) or "no errors")

    def _explained(self, rule: str) -> tuple[str, ...]:
        """What kept the rule from firing, or made it fire, and the features in that."""
        event = self._case.event
        found = explain(
            self._rules, rule, event.action_name, event.data, at=event.at, action_id=self._number, state=self._state
        )
        reasons = found.why_not or tuple(one.told for one in found.conditions)
        features = (f"{one.told}  ({one.file}:{one.line})" for one in found.features[:MOST_INVOLVED])
        return (*reasons, *features)

    def _values(self, wanted: str) -> tuple[str, ...]:
        """The values that a feature comes from, and the errors in them."""
        program, features = self._rules.program, self._result.features
        involved = [program.definitions[key] for key in _involved(program, wanted)]
        told = [
            f"{one.name} is {_shown(features[one.name])}  ({one.span.file}:{one.span.line})"
            for one in involved
            if one.shown and one.name in features
        ]
        meant = {one.name for one in involved}
        errors = (one for one in self._result.errors if one.feature in meant)
        return (*told[:MOST_INVOLVED], *(f"error: {one.message}  ({one.file}:{one.line})" for one in errors))


def _involved(program: Program, wanted: str) -> Iterator[str]:
    """The keys of this name and of all that it is made from, nearest first."""
    waiting = [key for key, one in program.definitions.items() if one.name == wanted]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop(0)
        if key not in seen:
            seen.add(key)
            yield key
            waiting += dict.fromkeys(names(program.definitions[key].value))


def _compared(
    noun: str, asked: Sequence[str] | None, refused: Sequence[str], found: Sequence[str], why: tuple[str, ...]
) -> Iterator[Mismatch]:
    had = ", ".join(found) or f"no {noun}"
    if asked is not None and not asked and found:
        yield Mismatch(f"no {noun}", had, why)
    for one in asked or ():
        if one not in found:
            yield Mismatch(f"the {noun} {one}", had, why)
    for one in refused:
        if one in found:
            yield Mismatch(f"not the {noun} {one}", had, why)


def _same(expected: Any, found: Any) -> bool:
    """Equal as JSON: true is not 1."""
    if isinstance(expected, float) and isinstance(found, int | float):
        return not isinstance(found, bool) and math.isclose(expected, found)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)


def _all(word: str, found: Sequence[str]) -> str:
    return f"{word}: {', '.join(found)}" if found else f"nothing {word}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing (None)"
    told = repr(value)
    return told if len(told) <= _MOST_TEXT else f"{told[:_MOST_TEXT]}…"
