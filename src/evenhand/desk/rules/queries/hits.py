"""How often rules fired."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Sum
from msgspec import Struct

from evenhand.desk.rules.models import Hits

HOUR = 3600 * 1_000_000


class Fired(Struct, frozen=True):
    """One hour (since 1970 UTC) of one rule in one stage."""

    rule: str
    hour: int
    stage: str
    fired: int
    capped: int


def hits(rule: str, *, since_hour: int) -> list[Fired]:
    """The rule's hours from `since_hour` on in which it fired, oldest first."""
    found = Hits.objects.filter(rule=rule, hour__gte=since_hour, fired__gt=0).order_by("hour", "stage")
    return [Fired(row.rule, row.hour, row.stage, row.fired, row.capped) for row in found]


def totals(*, since_hour: int, stages: Sequence[str] = ()) -> dict[str, int]:
    """How often each rule fired from `since_hour` on; in these stages, or in all."""
    found = Hits.objects.filter(hour__gte=since_hour, fired__gt=0)
    if stages:
        found = found.filter(stage__in=stages)
    return {row["rule"]: row["fires"] for row in found.values("rule").annotate(fires=Sum("fired"))}


def series(*, since_hour: int, hours: int) -> dict[str, dict[int, int]]:
    """How often each rule fired in each stretch of so many hours from `since_hour` on; stretches without are left
    out."""
    stretch = (F("hour") - since_hour) / hours
    found = Hits.objects.filter(hour__gte=since_hour, fired__gt=0).annotate(stretch=stretch).values("rule", "stretch")
    told: dict[str, dict[int, int]] = {}
    for row in found.annotate(fires=Sum("fired")).order_by("rule", "stretch"):
        told.setdefault(row["rule"], {})[row["stretch"]] = row["fires"]
    return told


def capped(*, since_hour: int) -> dict[str, int]:
    """How often each rule would have held or acted from `since_hour` on, had it not reached its cap."""
    found = Hits.objects.filter(hour__gte=since_hour, capped__gt=0)
    return {row["rule"]: row["times"] for row in found.values("rule").annotate(times=Sum("capped"))}


class Failed(Struct, frozen=True):
    """A rule that errors left without an answer so many times; `error` is the last one. Without a name: all rules."""

    rule: str
    times: int
    error: str


def failed(*, since_hour: int) -> list[Failed]:
    """The rules that failed from `since_hour` on, by name."""
    told: dict[str, Failed] = {}
    for row in Hits.objects.filter(hour__gte=since_hour, failed__gt=0).order_by("rule", "hour", "id"):
        before = told[row.rule].times if row.rule in told else 0
        told[row.rule] = Failed(row.rule, before + row.failed, row.error)
    return list(told.values())
