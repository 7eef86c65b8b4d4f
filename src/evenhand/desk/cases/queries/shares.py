"""How the harm of what came in lay: how much of it in how few cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenhand.desk.cases.models import Case
from evenhand.desk.fields import to_micros
from evenhand.engine.triage.model import Model
from evenhand.engine.triage.place import cost

LIKELY = 0.5
"""A hold is for what is more likely than not (specs/triage.md §4.4: the knee of the frontier)."""
MOST = 5_000


class Caught(Struct, frozen=True):
    """Budget of holds (share of items) → share of all harm in those that it would hold; and over how many cases."""

    shares: Mapping[float, float]
    cases: int


def caught(since: datetime, budgets: Sequence[float], model: Model) -> Caught:
    """Of the newest 5,000 review cases since then: the worst of those that are likely, by what waiting costs when they
    come."""
    rows = Case.objects.filter(opened_at__gte=since, kind=Case.Kind.REVIEW, why__has_key="policies").order_by("-id")
    found = [
        (cost(rank, lane, to_micros(opened), model), _probability(why))
        for lane, rank, opened, why in rows.values_list("lane", "rank", "opened_at", "why")[:MOST]
    ]
    whole = sum(harm for harm, _ in found)
    if not whole:
        return Caught({}, len(found))
    worst = sorted((harm for harm, probability in found if probability >= LIKELY), reverse=True)
    return Caught({one: sum(worst[: int(one * len(found))]) / whole for one in budgets}, len(found))


def _probability(why: Mapping[str, object]) -> float:
    believed = why.get("policies")
    return (
        max((float(one.get("probability", 0)) for one in believed), default=0.0) if isinstance(believed, list) else 0.0
    )
