"""What waits, by policy: how many cases, since when, and how much of all that waiting costs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.cases.models import Case, CaseReport
from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.fields import from_micros, now_micros
from evenhand.engine.model import Micros
from evenhand.engine.triage.lane import CRITICAL
from evenhand.engine.triage.model import Model
from evenhand.engine.triage.place import cost

KEPT_SECONDS = 30
CHUNK = 5_000
DAY: Micros = 86_400_000_000


class Backlog(Struct, frozen=True, kw_only=True):
    """The open cases that propose one policy."""

    policy: str | None
    open: int
    critical: int
    oldest: datetime
    cost: float
    """What their waiting costs now, in harm a second: only to be compared."""


class Day(Struct, frozen=True, kw_only=True):
    day: str
    opened: int = 0
    upheld: int = 0
    dismissed: int = 0


class Judged(Struct, frozen=True):
    """Reports whose cases were decided."""

    upheld: int
    dismissed: int


def backlog(mine: Sight, model: Model) -> list[Backlog]:
    """The costliest policy first. At most 30 s old."""
    found: dict[tuple[str, str | None], Backlog] | None = cache.get("backlog")
    if found is None:
        found = _backlog(model)
        cache.set("backlog", found, KEPT_SECONDS)
    seen: dict[str | None, list[Backlog]] = defaultdict(list)
    for (queue, policy), pile in found.items():
        if queue in mine.queues and policy not in mine.hidden:
            seen[policy].append(pile)
    return sorted(map(_together, seen.values()), key=lambda pile: -pile.cost)


def _backlog(model: Model) -> dict[tuple[str, str | None], Backlog]:
    now = now_micros()
    found: dict[tuple[str, str | None], list[Backlog]] = defaultdict(list)
    rows = Case.objects.filter(state=Case.State.OPEN).values_list("queue", "policy", "lane", "rank", "opened_at")
    for queue, policy, lane, rank, opened in rows.iterator(chunk_size=CHUNK):
        waiting = cost(rank, lane, now, model)
        one = Backlog(policy=policy, open=1, critical=lane == CRITICAL, oldest=opened, cost=waiting)
        found[queue, policy].append(one)
        if len(found[queue, policy]) >= CHUNK:
            found[queue, policy] = [_together(found[queue, policy])]
    return {key: _together(piles) for key, piles in found.items()}


def _together(piles: list[Backlog]) -> Backlog:
    return Backlog(
        policy=piles[0].policy,
        open=sum(pile.open for pile in piles),
        critical=sum(pile.critical for pile in piles),
        oldest=min(pile.oldest for pile in piles),
        cost=sum(pile.cost for pile in piles),
    )


def days(mine: Sight, count: int) -> list[Day]:
    """The last days in UTC, today the last: review cases that came, and those that were decided."""
    today = now_micros() // DAY
    first = today - count + 1
    opened, upheld, dismissed = (
        _by_day(field, first * DAY, mine, outcome)
        for field, outcome in (("opened_at", ""), ("closed_at", "upheld"), ("closed_at", "dismissed"))
    )
    return [
        Day(
            day=from_micros(day * DAY).date().isoformat(),
            opened=opened.get(day, 0),
            upheld=upheld.get(day, 0),
            dismissed=dismissed.get(day, 0),
        )
        for day in range(first, today + 1)
    ]


def _by_day(field: str, since: Micros, mine: Sight, outcome: str) -> dict[int, int]:
    """Day since 1970 → how many cases; with this outcome, or any when it is ""."""
    if not mine.queues:
        return {}
    queues, names = sql.within(mine.queues)
    hidden, ids = sql.within(sorted(mine.hidden) or [""])
    found = sql.rows(
        f"SELECT {field} / {DAY}, count(*) FROM cases_case WHERE kind = 'review' AND {field} >= %s"  # noqa: S608 (constant text and marks)
        f" AND queue {queues} AND (policy IS NULL OR NOT policy {hidden}) AND (%s = '' OR outcome = %s)"
        f" GROUP BY {field} / {DAY}",
        (since, *names, *ids, outcome, outcome),
    )
    return dict(found)


def reports_judged(mine: Sight, since: datetime) -> dict[str | None, Judged]:
    """By the policy that they named, each reporter once in each case, of cases decided since then."""
    rows = (
        CaseReport.objects.filter(case__closed_at__gte=since, case__queue__in=mine.queues)
        .exclude(counted="")
        .exclude(policy__in=sorted(mine.hidden))
        .values_list("policy")
        .annotate(upheld=Count("pk", filter=Q(counted="upheld")), dismissed=Count("pk", filter=Q(counted="dismissed")))
        .order_by()
    )
    return {policy: Judged(upheld, dismissed) for policy, upheld, dismissed in rows}
