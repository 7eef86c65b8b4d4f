"""What came of holds by licence: how many were right, how long they lasted, and what they cost innocent people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.enforcement.models import Hold
from evenhand.desk.intake.queries import views
from evenhand.engine.triage.alternatives import HOLD_KEEPS
from evenhand.engine.triage.reliability import accuracy

DAYS = 30


class Numbers(Struct, frozen=True, kw_only=True):
    """Of the holds by licence of one policy that began in the last `days` days."""

    policy: str
    days: int
    placed: int
    open: int
    """Still hidden."""
    upheld: int
    """Their case led to an action."""
    wrong: int
    """Their case ended without one."""
    low: float
    high: float
    """90 % interval of wrong / (upheld + wrong), by Wilson; 0 to 1 while nothing is decided."""
    minutes: float | None
    """How long those lasted that have ended: the median. None: none has."""
    lost_views: float
    """Of what was held wrongly: an estimate, from the reach that the order expected of it."""

    @property
    def decided(self) -> int:
        return self.upheld + self.wrong


class _Held(Struct, frozen=True):
    began: datetime
    ended: datetime | None
    outcome: str
    views: float


def numbers(days: int = DAYS) -> dict[str, Numbers]:
    """By policy; policies under which nothing was held are left out."""
    since = timezone.now() - timedelta(days=days)
    rows = Hold.objects.filter(cause=Hold.Cause.LICENCE, placed_at__gte=since)
    by_policy: dict[str, list[_Held]] = defaultdict(list)
    for row in rows.select_related("decision__case"):
        outcome = row.decision.case.outcome if row.decision.case else ""
        by_policy[row.name].append(_Held(row.placed_at, row.ended_at, outcome, row.views or 0.0))
    return {policy: _numbers(policy, held, days) for policy, held in by_policy.items()}


def _numbers(policy: str, held: Sequence[_Held], days: int) -> Numbers:
    wrong = [one for one in held if one.outcome == "dismissed"]
    upheld = sum(one.outcome == "upheld" for one in held)
    share = accuracy(len(wrong), upheld, weight=0.0) if wrong or upheld else None
    lasted = [(one.ended - one.began).total_seconds() / 60 for one in held if one.ended]
    half_life = views.half_life().value / 1_000_000
    return Numbers(
        policy=policy,
        days=days,
        placed=len(held),
        open=sum(one.ended is None for one in held),
        upheld=upheld,
        wrong=len(wrong),
        low=max(0.0, share.low) if share else 0.0,
        high=min(1.0, share.high) if share else 1.0,
        minutes=median(lasted) if lasted else None,
        lost_views=sum(_lost(one, half_life) for one in wrong),
    )


def _lost(one: _Held, half_life: float) -> float:
    """Views that would have come while it was hidden, but for those that a hold lets through."""
    seconds = ((one.ended or timezone.now()) - one.began).total_seconds()
    return HOLD_KEEPS * one.views * (1 - float(2.0 ** (-seconds / half_life)))
