"""Actions: their keys, their undo, their parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evenhand.engine.platform.checks.ids import identifier
from evenhand.engine.platform.document import RESERVED_KEYS, Action, Parameter, Platform
from evenhand.engine.platform.problems import Problem, quoted

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


def check(platform: Platform) -> Iterator[Problem]:
    known = {action.id: action for action in platform.actions}
    keys: dict[str, str] = {}
    for at, action in enumerate(platform.actions):
        path = f"actions[{at}]"
        if action.key is not None:
            yield from _key(action, path, keys)
        if action.undo in known:
            yield from _undo(action, known, path)
        for nth, parameter in enumerate(action.parameters):
            yield from _parameter(parameter, f"{path}.parameters[{nth}]")
        yield from _doubled_parameters(action, path)


def _key(action: Action, path: str, taken: dict[str, str]) -> Iterator[Problem]:
    assert action.key is not None
    place = f"{path}.key"
    free = "".join(sorted(LETTERS - RESERVED_KEYS - set(taken)))
    if action.key not in LETTERS:
        yield Problem(path=place, expected="one letter from a to z", found=quoted(action.key), example='key = "b"')
        return
    if action.key in RESERVED_KEYS:
        found = f'"{action.key}", which the console keeps for itself'
        yield Problem(path=place, expected=f"one of the free letters {free}", found=found)
    if action.retired:
        return
    if action.key in taken:
        found = f'"{action.key}", which is the key of {quoted(taken[action.key])}'
        yield Problem(path=place, expected=f"one of the free letters {free}", found=found)
    taken.setdefault(action.key, action.id)


def _undo(action: Action, known: dict[str, Action], path: str) -> Iterator[Problem]:
    """An undo is another action, reaches as far, and is itself undone by something that it undoes."""
    assert action.undo is not None
    place = f"{path}.undo"
    undo = known[action.undo]
    if undo.id == action.id:
        yield Problem(path=place, expected="another action", found="the action itself")
        return
    back = known.get(undo.undo) if undo.undo else None
    if back and back.undo != undo.id:
        found = f"{quoted(undo.id)}, whose own undo is {quoted(back.id)}, which it does not take back"
        yield Problem(path=place, expected="an action that takes this one back", found=found)
    if not _reaches(undo, action):
        found = f"{quoted(undo.id)}, which applies to {', '.join(undo.applies_to)} only"
        yield Problem(path=place, expected="an action that applies to all that this one applies to", found=found)


def _reaches(undo: Action, action: Action) -> bool:
    return not undo.applies_to or (bool(action.applies_to) and set(action.applies_to) <= set(undo.applies_to))


def _doubled_parameters(action: Action, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for nth, parameter in enumerate(action.parameters):
        if parameter.name in seen:
            place = f"{path}.parameters[{nth}].name"
            yield Problem(path=place, expected="each parameter once", found=f"{quoted(parameter.name)} again")
        seen.add(parameter.name)


def _parameter(parameter: Parameter, path: str) -> Iterator[Problem]:
    yield from identifier(parameter.name, f"{path}.name")
    chooses = parameter.type in {"SELECT", "MULTISELECT"}
    if chooses and not parameter.options:
        example = 'options = ["1 day", "7 days"]'
        yield Problem(path=f"{path}.options", expected="at least one choice", found="none", example=example)
    if not chooses and parameter.options:
        expected = "no options, because only SELECT and MULTISELECT have choices"
        yield Problem(path=f"{path}.options", expected=expected, found=quoted(parameter.options))
    if len(set(parameter.options)) < len(parameter.options) or not all(parameter.options):
        found = quoted(parameter.options)
        yield Problem(path=f"{path}.options", expected="different choices, none empty", found=found)
    if parameter.default is not None and not _is_default(parameter):
        yield Problem(path=f"{path}.default", expected=_DEFAULTS[parameter.type], found=quoted(parameter.default))


_DEFAULTS = {
    "STRING": "a text",
    "NUMBER": "a number",
    "BOOLEAN": "true or false",
    "SELECT": "one of the options",
    "MULTISELECT": "a list of some of the options",
}


def _is_default(parameter: Parameter) -> bool:
    value = parameter.default
    match parameter.type:
        case "STRING":
            return isinstance(value, str)
        case "NUMBER":
            return isinstance(value, float) and math.isfinite(value)
        case "BOOLEAN":
            return isinstance(value, bool)
        case "SELECT":
            return isinstance(value, str) and value in parameter.options
        case "MULTISELECT":
            return isinstance(value, tuple) and set(value) <= set(parameter.options)
