"""What second looks say of the decisions of the desk: by policy, never by person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from msgspec import Struct

from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.enforcement.models import Decision, SecondLook
from evenhand.engine.triage.agreement import Agreement, Pair, agreement

MOST = 20_000
"""The newest second looks that are counted."""


class Counted(Struct, frozen=True):
    """Second looks of one policy that were drawn in a time. Those that are decided are `told` when nobody can take them
    back any more; until then they wait with the others."""

    drawn: int
    waiting: int
    given_up: int
    """Nobody came to them, or they lost their sense before."""
    told: Agreement
    repeats: Agreement
    """Of the same person, who decided again; not in `told`."""


class Day(Struct, frozen=True):
    at: datetime
    agreed: bool


class Quality(Struct, frozen=True):
    policies: dict[str, Counted]
    """By the policy that cases proposed; "" for none. The one with the most looks first."""
    days: list[Day]
    """When each look was decided that may be told, the oldest first."""


def quality(mine: Sight, since: datetime) -> Quality:
    """Of the queues of this person; drawn since then."""
    found = SecondLook.objects.filter(drawn_at__gte=since, case__queue__in=mine.queues)
    rows = [one for one in found.select_related("first").order_by("-pk")[:MOST] if one.policy not in mine.hidden]
    by_policy: dict[str, list[SecondLook]] = {}
    for row in rows:
        by_policy.setdefault(row.policy, []).append(row)
    order = sorted(by_policy.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    told = sorted((row.decided_at, _agrees(row)) for row in rows if row.decided_at is not None and row.may_be_told)
    return Quality(
        policies={policy: _counted(some) for policy, some in order},
        days=[Day(at, agreed) for at, agreed in told],
    )


def _counted(rows: list[SecondLook]) -> Counted:
    told = [row for row in rows if row.may_be_told]
    given_up = sum(row.withdrawn_at is not None for row in rows)
    repeats = [row for row in told if row.decided_by_id == row.first.decided_by_id]
    return Counted(
        drawn=len(rows),
        waiting=len(rows) - len(told) - given_up,
        given_up=given_up,
        told=agreement(_pairs(row for row in told if row not in repeats)),
        repeats=agreement(_pairs(repeats)),
    )


def _pairs(rows: Iterable[SecondLook]) -> Iterable[Pair]:
    return (pair_of(row) for row in rows)


def pair_of(row: SecondLook) -> Pair:
    """What each of the two looks said: the policy that is broken, "" for none."""
    first = row.first.policy or "" if row.first.kind == Decision.Kind.ACT else ""
    return first, row.under or "" if row.kind == Decision.Kind.ACT else ""


def _agrees(row: SecondLook) -> bool:
    first, second = pair_of(row)
    return first == second


def acted(since: datetime) -> dict[str, int]:
    """Decisions of people to act since then, by policy; not those that were undone before they left."""
    found = Decision.objects.filter(
        kind=Decision.Kind.ACT, decided_at__gte=since, decided_by__isnull=False, undone_at__isnull=True
    )
    return {policy or "": count for policy, count in found.values_list("policy").annotate(Count("pk")).order_by()}
