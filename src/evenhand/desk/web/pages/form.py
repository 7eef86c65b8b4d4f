"""What the decision form says: which decision, under which policy, on which version of the case."""

from __future__ import annotations

import math
import time
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.enforcement.services import Chosen, Invalid
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.platform import Action, Parameter

ANOTHER = "another"
"""The policy is the one of the list, not one with a digit."""
LONGEST_REASON = 4_000
LONGEST_LOOK = 86_400.0
LONGEST_NUMBER = 18
MOST_LEFT_OUT = 200


class Asked(Struct, frozen=True):
    """`do` is what the button said: dismiss, uphold, overturn, act:ACTION or adjust:ACTION."""

    do: str
    kind: str
    action: Action | None
    adjust: bool
    policy: str | None
    chosen: tuple[Chosen, ...]
    reason: str
    version: int
    confirmed: bool
    filled_in: bool
    """The parameters were asked for, and here they are."""
    seconds: float | None
    together: Together | None = None
    """The decision is for all that stand together with the case."""


class Together(Struct, frozen=True):
    """Of the cases that stand together, up to `upto`, all but `but`; `typed` is how many they are, when asked for."""

    upto: int
    but: tuple[int, ...]
    typed: str


def read(form: QueryDict, snapshot: Snapshot) -> Asked:
    """Raises Invalid."""
    do = form.get("do", "")
    verb, _colon, action_id = do.partition(":")
    action = _action(action_id, snapshot) if verb in {"act", "adjust"} else None
    reason = form.get("reason", "").strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("The reason has %(count)s characters; 4,000 is the most.") % {"count": len(reason)})
    return Asked(
        do=do,
        kind="act" if action else verb,
        action=action,
        adjust=verb == "adjust",
        policy=policy(form),
        chosen=(Chosen(action.id, parameters(action, form)),) if action else (),
        reason=reason,
        version=_version(form),
        confirmed=form.get("confirmed") == "yes",
        filled_in="filled_in" in form,
        seconds=_seconds(form.get("shown", "")),
        together=together(form),
    )


def together(form: QueryDict) -> Together | None:
    """None: the decision is for the case alone."""
    upto = form.get("upto", "")
    if form.get("together") != "yes" or not _is_number(upto):
        return None
    return Together(int(upto), left_out(form), form.get("typed", ""))


def left_out(form: QueryDict) -> tuple[int, ...]:
    """The cases that were marked as not the same."""
    return tuple(int(one) for one in form.getlist("but")[:MOST_LEFT_OUT] if _is_number(one))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def _action(action_id: str, snapshot: Snapshot) -> Action:
    action = snapshot.actions.get(action_id)
    if action is None:
        raise Invalid(_("There is no action “%(action)s” any more: look at the buttons again.") % {"action": action_id})
    return action


def policy(form: QueryDict) -> str | None:
    """The policy that is chosen: of a digit, or of the list."""
    chosen = form.get("policy", "")
    if chosen == ANOTHER:
        chosen = form.get("another_policy", "")
    return chosen or None


def _version(form: QueryDict) -> int:
    try:
        return int(form.get("version", ""))
    except ValueError:
        raise Invalid(_("The form does not say which version of the case it is about: open the case again.")) from None


def _seconds(shown: str) -> float | None:
    """From the page to the decision; None when the form does not tell, or tells nonsense."""
    try:
        seconds = time.time() - float(shown)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_LOOK else None


def parameters(action: Action, form: QueryDict) -> dict[str, Any]:
    """Values of the action's parameters that the form holds. Raises Invalid for a number that is none."""
    return {
        parameter.name: _value(parameter, form, f"parameter:{parameter.name}")
        for parameter in action.parameters
        if f"parameter:{parameter.name}" in form
        or ("filled_in" in form and parameter.type in {"BOOLEAN", "MULTISELECT"})
    }


def _value(parameter: Parameter, form: QueryDict, name: str) -> Any:
    match parameter.type:
        case "BOOLEAN":
            return form.get(name) == "yes"
        case "MULTISELECT":
            return form.getlist(name)
        case "NUMBER":
            return _number(parameter, form.get(name, ""))
        case "STRING" | "SELECT":
            return form.get(name, "")


def _number(parameter: Parameter, text: str) -> float | int | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Invalid(_("“%(name)s” must be a number, not “%(text)s”.") % {"name": parameter.name, "text": text})
    return int(number) if number.is_integer() else number
