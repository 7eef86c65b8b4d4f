"""What waits, in order, and how much of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self

from django.core.cache import cache
from django.db.models import Count, F, Min, Q, QuerySet
from msgspec import Struct, structs

from evenhand.desk import sql
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.fields import now_micros
from evenhand.engine.triage.lane import CRITICAL, LANES, UNCONFIRMED, Lane

MOST_CASES = 2**63
MOST_NEW = 99
_COUNTED = {"critical": CRITICAL, "unconfirmed": UNCONFIRMED}
COUNTS_SECONDS = 3


class Pile(Struct, frozen=True):
    """The open cases of one queue."""

    queue: str
    open: int = 0
    critical: int = 0
    unconfirmed: int = 0
    oldest: datetime | None = None


class Place(Struct, frozen=True):
    """Where in the order of cases a page ended."""

    lane: int
    rank: float
    case: int

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(case.lane, case.rank, case.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str` wrote; None when it is no place."""
        lane, _, rest = text.partition("~")
        rank, _, case = rest.partition("~")
        try:
            place = cls(int(lane), float(rank), int(case))
        except ValueError:
            return None
        return place if math.isfinite(place.rank) and 0 <= place.case < MOST_CASES and place.lane in LANES else None

    def __str__(self) -> str:
        return f"{self.lane}~{self.rank!r}~{self.case}"


class ReportCount(Struct, frozen=True):
    reports: int
    reporters: int


def piles() -> dict[str, Pile]:
    """By queue: how many cases are open, how many in the lanes before the normal one, since when the oldest waits.
    At most 3 s old."""
    found: dict[str, Pile] | None = cache.get("piles")
    if found is None:
        found = _count()
        cache.set("piles", found, COUNTS_SECONDS)
    return found


def piles_seen(sight: Sight) -> dict[str, Pile]:
    """The same without the second looks that are not for this person."""
    found = dict(piles())
    unseen = Case.objects.filter(pk__in=sight.blind, state=Case.State.OPEN) if sight.blind else Case.objects.none()
    for queue, lane in unseen.values_list("queue", "lane"):
        pile = found.get(queue)
        if pile and pile.open:
            less = {name: getattr(pile, name) - (lane == number) for name, number in _COUNTED.items()}
            oldest = pile.oldest if pile.open > 1 else None
            found[queue] = structs.replace(pile, open=pile.open - 1, oldest=oldest, **less)
    return found


def _count() -> dict[str, Pile]:
    rows = (
        Case.objects.filter(state=Case.State.OPEN)
        .values("queue")
        .annotate(
            open=Count("*"),
            critical=Count("lane", filter=Q(lane=CRITICAL)),
            unconfirmed=Count("lane", filter=Q(lane=UNCONFIRMED)),
            oldest=Min("opened_at"),
        )
        .order_by()
    )
    return {row["queue"]: Pile(**row) for row in rows}


def oldest(lane: Lane) -> datetime | None:
    """Since when the oldest open case of the lane waits; a second look waits for nobody."""
    waiting = Case.objects.filter(state=Case.State.OPEN, lane=lane).exclude(kind=Case.Kind.SECOND)
    found = waiting.aggregate(oldest=Min("opened_at"))
    opened: datetime | None = found["oldest"]
    return opened


def page(sight: Sight, *, queue: str | None, after: Place | None, limit: int) -> list[Case]:
    """The next open cases in the order in which they should be decided, with their holders."""
    cases = Case.objects.filter(sight.condition(queue), behind=False).select_related("holder", "again")
    found: list[Case] = []
    for part in _by_lane(cases, after):
        found += part[: limit - len(found)]
        if len(found) == limit:
            break
    return found


def _by_lane(cases: QuerySet[Case], after: Place | None) -> Iterator[QuerySet[Case]]:
    """One range of the index for each lane: an OR over lanes would sort the whole pile."""
    for lane in LANES:
        part = cases.filter(lane=lane).order_by(F("rank").desc(), "id")
        if after is None or lane > after.lane:
            yield part
        elif lane == after.lane:
            behind = Q(rank__lt=after.rank) | Q(id__gt=after.case)
            yield part.filter(behind, rank__lte=after.rank)


def opened_since(sight: Sight, queue: str | None, since: datetime) -> int:
    """How many rows of open cases are newer than that; not counted beyond 100."""
    cases = Case.objects.filter(sight.condition(queue), behind=False, lane__in=LANES, opened_at__gt=since)
    return cases.values("pk")[: MOST_NEW + 1].count()


def report_counts(case_ids: Sequence[int]) -> dict[int, ReportCount]:
    """By case; a second look has those of the case that it looks at."""
    if not case_ids:
        return {}
    found = sql.rows(
        "SELECT c.id, count(*), count(DISTINCT r.reporter) FROM cases_case c"  # noqa: S608 (marks only)
        " JOIN cases_casereport r ON r.case_id = coalesce(c.again_id, c.id)"
        f" WHERE c.id IN {sql.marks(case_ids)} GROUP BY c.id",
        list(case_ids),
    )
    return {case: ReportCount(reports, reporters) for case, reports, reporters in found}


def barred(user: User, case_ids: Sequence[int]) -> set[int]:
    """Those of these cases that this person may not decide: they decided first."""
    return set(CaseBar.objects.filter(user=user, case_id__in=case_ids).values_list("case_id", flat=True))


def is_held(case: Case) -> bool:
    """Whether the lease of its holder still runs."""
    return case.held_until is not None and now_micros() < int(case.held_until.timestamp() * 1_000_000)
