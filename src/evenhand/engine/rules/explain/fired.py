"""What is kept with a signal when a rule fires: its conditions, with the values that are there already."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.explain.rule import find
from evenhand.engine.rules.explain.shorten import short
from evenhand.engine.rules.explain.written import name_of, read_in, written
from evenhand.engine.rules.jsonread import reading
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.run import Result
from evenhand.engine.rules.tree import Call, Literal, Program

MOST_BYTES: Final = 2_048
_LENGTHS: Final = (120, 40, 16)
"""Longest text of a value, tried one after the other until all fits."""
_MOST_CONDITIONS: Final = 16
_MOST_FEATURES: Final = 24
_MOST_SOURCES: Final = 4
_LONGEST_TEXT: Final = 120
_KEPT_BY: Final = ("counter", "label", "list", "pattern", "phrase")
_encode = msgspec.json.Encoder().encode


class _Outline(Struct, frozen=True):
    """What can be told of a rule before any event. `sources`: by the name of each feature that its conditions read."""

    file: str
    line: int
    conditions: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]
    cut: bool


_known: WeakKeyDictionary[RuleSet, dict[str, _Outline]] = WeakKeyDictionary()


def on_fire(ruleset: RuleSet, rule_name: str, result: Result) -> dict[str, Any]:
    """A rule that fired, as JSON of at most 2 kB, from the features that its run gave: nothing is run again.

    `conditions`: as they are written; all of them held. `features`: the values of the names in them. `sources`: where
    these come from, path of the event, counter, list, label or pattern. `cut`: not everything had room.

    Raises NoSuchRule.
    """
    outline = _outline(ruleset, rule_name)
    values = {name: result.features[name] for name in outline.sources if name in result.features}
    head: dict[str, Any] = {"file": outline.file, "line": outline.line} | ({"cut": True} if outline.cut else {})
    for longest in _LENGTHS:
        told = head | _told(outline, values, longest)
        if len(_encode(told)) <= MOST_BYTES:
            return told
    return head | _fitting(outline, values)


def _told(outline: _Outline, values: dict[str, Any], longest: int) -> dict[str, Any]:
    shown = {name: short(value, longest, 1) for name, value in values.items()}
    return {"conditions": list(outline.conditions), "features": shown, "sources": dict(outline.sources)}


def _fitting(outline: _Outline, values: dict[str, Any]) -> dict[str, Any]:
    """As many conditions as have room in one half, as many features, in their order, in the other."""
    conditions, room = [], MOST_BYTES // 2
    for text in outline.conditions:
        room -= len(_encode(text)) + 1
        if room < 0:
            break
        conditions.append(text)
    features: dict[str, Any] = {}
    room = MOST_BYTES // 2 - len(_encode({"file": outline.file, "conditions": [], "features": {}, "cut": True})) - 40
    for name, value in values.items():
        room -= len(_encode({name: short(value, _LENGTHS[-1], 1)}))
        if room < 0:
            break
        features[name] = short(value, _LENGTHS[-1], 1)
    return {"conditions": conditions, "features": features, "cut": True}


def _outline(ruleset: RuleSet, rule_name: str) -> _Outline:
    outlines = _known.setdefault(ruleset, {})
    if rule_name not in outlines:
        outlines[rule_name] = _made(ruleset.program, rule_name)
    return outlines[rule_name]


def _made(program: Program, rule_name: str) -> _Outline:
    rule = find(program, rule_name)
    keys = list(dict.fromkeys(key for one in rule.conditions for key in _shown(read_in(one), program)))
    return _Outline(
        file=rule.file,
        line=rule.line,
        conditions=tuple(written(one, _LONGEST_TEXT) for one in rule.conditions[:_MOST_CONDITIONS]),
        sources={name_of(key): _sources(key, program) for key in keys[:_MOST_FEATURES]},
        cut=len(rule.conditions) > _MOST_CONDITIONS or len(keys) > _MOST_FEATURES,
    )


def _shown(keys: tuple[str, ...], program: Program) -> list[str]:
    """The features that names stand for: what is local to a file is told by what it reads."""
    found: dict[str, None] = {}
    waiting, seen = list(reversed(keys)), set(keys)
    while waiting:
        definition = program.definitions[waiting.pop()]
        if definition.shown:
            found[definition.key] = None
        elif not definition.secret:
            inner = [key for key in read_in(definition.value) if key not in seen]
            seen.update(inner)
            waiting += reversed(inner)
    return list(found)


def _sources(key: str, program: Program) -> tuple[str, ...]:
    """Paths of the event, and names of counters, lists, labels, patterns, that a feature is made of."""
    found: dict[str, None] = {}
    waiting, seen = [key], {key}
    while waiting and len(found) < _MOST_SOURCES:
        definition = program.definitions[waiting.pop()]
        for one in every(definition.value):
            if isinstance(one, Call) and (source := _source(one)):
                found[source] = None
        inner = [key for key in read_in(definition.value) if key not in seen]
        seen.update(inner)
        waiting += reversed(inner)
    return tuple(found)[:_MOST_SOURCES]


def _source(call: Call) -> str:
    if call.function.name in ("JsonData", "EntityJson"):
        return reading(call).path
    for name in _KEPT_BY:
        given = call.arguments.get(name)
        if isinstance(given, Literal) and isinstance(given.value, str):
            return short(f"{name} {given.value}", 60)  # type: ignore[no-any-return] # a text stays a text
    return ""
