"""What a decision says, on one case or on many, and how it is read."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from evenhand.desk.enforcement.api.person import plain
from evenhand.desk.enforcement.services import Chosen
from evenhand.desk.intake.reading import limits

MOST_REASON = 10_000
Name = Annotated[str, Meta(min_length=1, max_length=128)]


class ChosenIn(Struct, frozen=True, forbid_unknown_fields=True):
    action: Name
    parameters: dict[str, Any] = {}


class Verdict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every decision says."""

    policy: Name | None = None
    actions: Annotated[list[ChosenIn], Meta(max_length=limits.CONTEXT)] = []
    reason: Annotated[str, Meta(max_length=MOST_REASON)] = ""
    confirmed: bool = False


def actions_of(given: Verdict) -> list[Chosen]:
    """Raises Refused: parameters that cannot be kept."""
    return [
        Chosen(one.action, plain(one.parameters, f"/actions/{n}/parameters")) for n, one in enumerate(given.actions)
    ]


def reason_of(given: Verdict) -> str:
    """Raises Refused: it cannot be kept."""
    return str(plain(given.reason, "/reason"))
