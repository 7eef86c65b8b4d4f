"""Open cases that cannot wait for the morning, and how much came in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F

from evenhand.desk import sql
from evenhand.desk.cases.models import Case
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Ref
from evenhand.engine.triage.lane import CRITICAL

MOST = 200
HOUR_MICROS = 3_600_000_000


def critical(*, but: Collection[int] = (), limit: int | None = MOST) -> list[Case]:
    """Those of the critical lane, in order, without the ones with these numbers; nobody is woken for a second look."""
    found = Case.objects.filter(state=Case.State.OPEN, lane=CRITICAL).exclude(kind=Case.Kind.SECOND)
    found = found.exclude(pk__in=but)
    return list(found.order_by(F("rank").desc(), "id")[:limit])


def open_on(refs: Sequence[Ref]) -> list[Case]:
    """The open review cases on these items."""
    found = Case.objects.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW, item_id__in=[ref.id for ref in refs])
    wanted = set(refs)
    return [case for case in found if Ref(case.item_type, case.item_id) in wanted]


def came(since: datetime, until: datetime) -> dict[str, int]:
    """How many cases were opened, how many of these are or were critical, how many were decided, how many are open."""
    first = Case.objects.exclude(kind=Case.Kind.SECOND)
    opened = first.filter(opened_at__gte=since, opened_at__lt=until)
    return {
        "opened": opened.count(),
        "critical": opened.filter(lane=CRITICAL).count(),
        "decided": first.filter(closed_at__gte=since, closed_at__lt=until).count(),
        "open": Case.objects.filter(state=Case.State.OPEN).count(),
    }


def by_hour(since: datetime, until: datetime) -> list[int]:
    """Cases opened in each whole hour from `since` on."""
    begin, end = to_micros(since), to_micros(until)
    counts = [0] * ((end - begin) // HOUR_MICROS)
    found = sql.rows(
        "SELECT (opened_at - %s) / %s AS hour, count(*) FROM cases_case"
        " WHERE opened_at >= %s AND opened_at < %s AND kind <> 'second' GROUP BY 1",
        (begin, HOUR_MICROS, begin, begin + len(counts) * HOUR_MICROS),
    )
    for hour, count in found:
        counts[int(hour)] = count
    return counts
