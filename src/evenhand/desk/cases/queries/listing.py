"""Cases for machines: page by page, the newest first."""

from __future__ import annotations

from django.db.models import Count

from evenhand.desk.cases.models import Case


def page(*, before: int | None, limit: int, state: str | None = None, queue: str | None = None) -> list[Case]:
    """Up to `limit` cases with numbers below `before`, each with its `report_count`; second looks are none."""
    found = Case.objects.exclude(kind=Case.Kind.SECOND).annotate(report_count=Count("reports")).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if state is not None:
        found = found.filter(state=state)
    if queue is not None:
        found = found.filter(queue=queue)
    return list(found[:limit])
