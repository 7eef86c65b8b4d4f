"""What was chosen: actions with their parameters, checked against the platform document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.platform import Action, Parameter


class Chosen(Struct, frozen=True):
    """An action, by its id, with values for its parameters."""

    action: str
    parameters: Mapping[str, Any] = {}


def check(chosen: Sequence[Chosen], item_type: str, snapshot: Snapshot) -> list[tuple[Action, dict[str, Any]]]:
    """The actions with complete parameters. Raises Invalid with every problem at once."""
    problems: list[str] = []
    checked = []
    for choice in chosen:
        action = snapshot.actions.get(choice.action)
        if action is None or action.retired:
            problems.append(
                f"There is no action “{choice.action}”: choose one of {', '.join(sorted(snapshot.actions))}."
            )
        elif action.applies_to and item_type not in action.applies_to:
            problems.append(f"“{action.name}” does not apply to items of type {item_type}.")
        else:
            checked.append((action, _parameters(action, choice.parameters, problems)))
    if problems:
        raise Invalid(*problems)
    return checked


def _parameters(action: Action, given: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    known = {parameter.name for parameter in action.parameters}
    problems += [f"“{action.name}” has no parameter “{name}”." for name in given if name not in known]
    values = {}
    for parameter in action.parameters:
        value = given.get(parameter.name, parameter.default)
        if value in (None, ""):
            if parameter.required:
                problems.append(f"“{action.name}” needs its parameter “{parameter.name}”.")
            continue
        if not _fits(parameter, value):
            problems.append(f"“{parameter.name}” of “{action.name}” must be {_wanted(parameter)}, not {value!r}.")
            continue
        values[parameter.name] = value
    return values


def _fits(parameter: Parameter, value: Any) -> bool:
    match parameter.type:
        case "STRING":
            return isinstance(value, str)
        case "NUMBER":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "BOOLEAN":
            return isinstance(value, bool)
        case "SELECT":
            return value in parameter.options
        case "MULTISELECT":
            return isinstance(value, list | tuple) and all(one in parameter.options for one in value)


def _wanted(parameter: Parameter) -> str:
    match parameter.type:
        case "SELECT":
            return f"one of {', '.join(parameter.options)}"
        case "MULTISELECT":
            return f"some of {', '.join(parameter.options)}"
        case other:
            return {"STRING": "text", "NUMBER": "a number", "BOOLEAN": "true or false"}[other]
