"""Cases as JSON-able rows, in the order they were opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from evenhand.desk.cases.models import Case
from evenhand.engine.triage.lane import NAMES


def rows() -> Iterator[dict[str, Any]]:
    first = Case.objects.exclude(kind=Case.Kind.SECOND)
    found = first.select_related("holder").annotate(report_count=Count("reports")).order_by("pk")
    for case in found.iterator(chunk_size=1000):
        yield {
            "id": case.pk,
            "kind": case.kind,
            "state": case.state,
            "outcome": case.outcome or None,
            "item": {"type": case.item_type, "id": case.item_id},
            "author": {"type": case.author_type, "id": case.author_id} if case.author_id else None,
            "queue": case.queue,
            "policy": case.policy,
            "lane": NAMES[case.lane],
            "rank": case.rank,
            "reports": case.report_count,
            "openedAt": case.opened_at.isoformat(),
            "closedAt": case.closed_at.isoformat() if case.closed_at else None,
            "version": case.version,
            "appealId": case.appeal_id,
        }
