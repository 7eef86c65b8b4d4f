"""What can be decided on a case, and under which policy: the keys of the decision bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.enforcement.services import durations, hiding
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Ref
from evenhand.engine.platform import Action, Parameter, Policy

DIGITS = 9
USUAL = 6
"""So many policies have a digit, unless more are named by reports and signals."""


class PolicyChoice(Struct, frozen=True):
    """A policy under a digit; `digit` 0 stands for all that have none."""

    policy: Policy
    digit: int
    chosen: bool
    why: str = ""


class Field(Struct, frozen=True):
    """A parameter to be filled in."""

    name: str
    label: str
    type: str
    required: bool
    options: tuple[str, ...]
    value: Any


class ActionChoice(Struct, frozen=True):
    """`danger`: nothing takes it back. `asks`: it needs parameters that have no default."""

    action: Action
    danger: bool
    asks: bool
    hint: str
    line: str = ""
    """What follows from it, in one line."""


def policies(
    snapshot: Snapshot, proposed: str | None, named: Sequence[str | None], chosen: str | None = None
) -> list[PolicyChoice]:
    """The proposed policy first, then those that reports and signals name, then the others in the document's order."""
    first = {id_ for id_ in (proposed, *named) if id_ in snapshot.policies}
    digits = min(DIGITS, max(USUAL, len(first)))
    order = list(dict.fromkeys(id_ for id_ in (proposed, *named, *snapshot.policies) if id_ in snapshot.policies))
    usable = [snapshot.policies[id_] for id_ in order if not snapshot.policies[id_].retired or id_ == proposed]
    chosen = chosen or proposed
    return [
        PolicyChoice(policy, place if place <= digits else 0, policy.id == chosen)
        for place, policy in enumerate(usable, start=1)
    ]


def actions(snapshot: Snapshot, item_type: str) -> list[ActionChoice]:
    """What applies to this type of item, those with a key first."""
    usable = [
        action
        for action in snapshot.actions.values()
        if not action.retired and (not action.applies_to or item_type in action.applies_to)
    ]
    usable.sort(key=lambda action: action.key is None)
    return [_choice(action, snapshot) for action in usable]


def proposed(offered: Sequence[ActionChoice], usual: str | None) -> ActionChoice | None:
    """The one action that stands where a thumb reaches it: what people usually do under the policy, else the first that
    has a key. Never one that cannot be taken back or takes two people."""
    harmless = [one for one in offered if not one.danger and not one.action.two_person]
    return next((one for one in harmless if one.action.id == usual), next(iter(harmless), None))


def holdable(policy: str | None, item: Ref, snapshot: Snapshot) -> list[float]:
    """Hours for which a person may hold such an item under this policy; empty where it names nothing that hides it."""
    under = snapshot.policies.get(policy or "")
    return durations(under) if under and hiding(under, item, snapshot) else []


def line(action: Action, snapshot: Snapshot) -> str:
    """In one line: where it goes, whether the person is told, how it is taken back."""
    back = snapshot.action_name(action.undo) if action.undo else ""
    parts = [
        _("asks %(destination)s") % {"destination": action.destination},
        _("the person is told") if action.tells else _("the person is not told"),
        _("taken back by “%(action)s”") % {"action": back} if back else _("cannot be taken back"),
    ]
    if action.two_person:
        parts.append(_("waits for a second person"))
    return "; ".join(parts)


def _choice(action: Action, snapshot: Snapshot) -> ActionChoice:
    hint = ", ".join(f"{one.name} {_default(one)}" for one in action.parameters if one.default is not None)
    return ActionChoice(action, danger=action.undo is None, asks=asks(action), hint=hint, line=line(action, snapshot))


def asks(action: Action) -> bool:
    """Whether a person must fill something in first."""
    return any(one.required and one.default in (None, "") for one in action.parameters)


def _default(parameter: Parameter) -> str:
    value = parameter.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return ", ".join(value or ())


def fields(action: Action, given: Mapping[str, Any]) -> list[Field]:
    """The action's parameters with what was given, else with their defaults."""
    return [
        Field(
            name=one.name,
            label=one.name.replace("_", " "),
            type=one.type,
            required=one.required,
            options=one.options,
            value=given.get(one.name, "" if one.default is None else one.default),
        )
        for one in action.parameters
    ]
