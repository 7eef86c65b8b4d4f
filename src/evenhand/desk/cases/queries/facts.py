"""What other rooms need to know of a case when it is decided."""

from __future__ import annotations

from django.db.models import Sum

from evenhand.desk.cases.models import Case, CaseReport, ReporterTally
from evenhand.engine.model import Ref, Reporter

MOST_REPORTERS = 100


def case(case_id: int) -> Case | None:
    return Case.objects.filter(pk=case_id).first()


def open_review(ref: Ref) -> int | None:
    """The open case on this item, if there is one."""
    found = Case.objects.filter(item_type=ref.type, item_id=ref.id, state=Case.State.OPEN, kind=Case.Kind.REVIEW)
    return found.values_list("pk", flat=True).first()


def reporters(case_id: int) -> list[Ref]:
    """The first 100 distinct users who reported."""
    keys = CaseReport.objects.filter(case_id=case_id).order_by("reporter").values_list("reporter", flat=True)
    found = [Reporter.of(key) for key in keys.distinct()[:MOST_REPORTERS]]
    return [Ref(reporter.type, reporter.id) for reporter in found if reporter.kind == "user"]


def user_score(user: Ref) -> int:
    """Coop's score, 5 (new or good) to 1: one point less for each doubling of actions taken on what they wrote."""
    upheld = Case.objects.filter(
        author_type=user.type, author_id=user.id, state=Case.State.CLOSED, outcome=Case.Outcome.UPHELD
    ).count()
    return max(1, 5 - upheld.bit_length())


def reporter_record(reporter: str) -> tuple[int, int]:
    """Upheld and dismissed reports of a reporter, by decided cases, under all policies."""
    told = ReporterTally.objects.filter(reporter=reporter).aggregate(upheld=Sum("upheld"), dismissed=Sum("dismissed"))
    return told["upheld"] or 0, told["dismissed"] or 0
