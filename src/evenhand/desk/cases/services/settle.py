"""Closing and reopening a case, and what that says about those who reported."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from evenhand.desk.cases.models import Case, CaseReport, ReporterTally
from evenhand.desk.cases.queries.facts import open_review
from evenhand.desk.cases.services.clusters import places_of
from evenhand.desk.cases.services.grouping import lead
from evenhand.desk.cases.services.lease import lock
from evenhand.desk.fields import now_micros
from evenhand.engine.model import Ref


def close(case: Case, outcome: str) -> None:
    """In the caller's transaction: the case is decided, each of its reporters is counted once."""
    case.state, case.outcome = Case.State.CLOSED, outcome
    case.closed_at = case.changed_at = timezone.now()
    case.version += 1
    case.holder = case.held_until = None
    case.deciding = False
    case.save()
    lead(places_of([case]))
    _count(case, outcome, 1)


def reopen(case: Case) -> None:
    """In the caller's transaction: the decision was undone. A newer open case of its subject is gathered into it."""
    _count(case, case.outcome, -1)
    _swallow_newer(case)
    case.state, case.outcome, case.closed_at = Case.State.OPEN, "", None
    case.changed_at = timezone.now()
    case.version += 1
    case.save()
    lead(places_of([case]))


def correct(case: Case, outcome: str) -> bool:
    """In the caller's transaction, on the locked case: it turned out otherwise than its decision said, and so did the
    reports of each of its reporters. False, and nothing changes, when it says so already or waits for a decision."""
    if case.state != Case.State.CLOSED or case.outcome in ("", outcome):
        return False
    _count(case, case.outcome, -1)
    _count(case, outcome, 1)
    case.outcome = outcome
    case.changed_at = timezone.now()
    case.version += 1
    case.save()
    return True


def _swallow_newer(case: Case) -> None:
    if case.kind != Case.Kind.REVIEW:
        return
    found = open_review(Ref(case.item_type, case.item_id))
    newer = lock(found) if found else None
    if newer is None or newer.state != Case.State.OPEN:
        return
    CaseReport.objects.filter(case=newer).update(case=case)
    newer.state, newer.closed_at, newer.version = Case.State.CLOSED, timezone.now(), newer.version + 1
    newer.save()
    case.rank, case.lane, case.why = newer.rank, newer.lane, newer.why


def bump(case: Case) -> None:
    """In the caller's transaction: something was decided about it that did not close or open it."""
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1, changed_at=now_micros())


def _count(case: Case, outcome: str, by: int) -> None:
    if case.kind != Case.Kind.REVIEW or not outcome:
        return
    column = "upheld" if outcome == Case.Outcome.UPHELD else "dismissed"
    reporters = list(CaseReport.objects.filter(case=case).values_list("reporter", flat=True).distinct())
    ReporterTally.objects.bulk_create([ReporterTally(reporter=name) for name in reporters], ignore_conflicts=True)
    for start in range(0, len(reporters), 500):
        some = reporters[start : start + 500]
        ReporterTally.objects.filter(reporter__in=some).update(**{column: F(column) + by})
