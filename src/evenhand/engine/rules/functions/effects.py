"""Functions whose effect lies outside the rules: verdicts, bans, and what the desk is asked to do."""

from __future__ import annotations

from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.values import Constant, Effect, Entity

FAMILY = Family()
_YEAR = 366 * 24


@FAMILY.add("DeclareVerdict", cost=2, total=True)
def declare_verdict(verdict: str) -> Effect:
    """An effect: tells whoever sent the event what the rules make of it, in a word of the platform's."""
    return Effect(kind="verdict", arguments={"verdict": verdict})


@FAMILY.add("BanUser", cost=2, total=True)
def ban_user(entity: Entity[Any], comment: str) -> Effect:
    """An effect: asks for a user to be banned, and says why."""
    return Effect(kind="ban_user", entity=entity, arguments={"comment": comment})


@FAMILY.add("Enqueue", cost=2)
def enqueue(policy: Constant[str], probability: float = 0.5, note: str | None = None) -> Effect:
    """An effect: opens a case for a person to decide.

    `policy`: the id of the policy that the item may break. `probability`: how likely it does, 0 to 1; it orders the
    cases. `note`: a sentence for who decides. Error: a probability outside 0 to 1.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"probability is {probability}: it goes from 0 to 1.")
    return Effect(kind="enqueue", arguments={"policy": policy, "probability": probability, "note": note})


@FAMILY.add("Hold", cost=2)
def hold(policy: Constant[str], hours: float = 24.0) -> Effect:
    """An effect: hides the item until a person has decided, or the time is up.

    `policy`: the id of the policy that the item may break. `hours`: how long at most. Error: a time that is not above
    0, or longer than a year.
    """
    if not 0 < hours <= _YEAR:
        raise ValueError(f"hours is {hours}: a hold has a time above 0, and of a year at most.")
    return Effect(kind="hold", arguments={"policy": policy, "hours": hours})


@FAMILY.add("Act", cost=2, total=True)
def act(action: Constant[str], policy: Constant[str]) -> Effect:
    """An effect: asks for an action on the item, without a person; the desk does it only where the rule is licensed to.

    `action`: the id of the action. `policy`: the id of the policy that it is taken under.
    """
    return Effect(kind="act", arguments={"action": action, "policy": policy})
