"""Reports as JSON-able rows, in the order they were folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.desk.intake.models import Report


def rows() -> Iterator[dict[str, Any]]:
    for report in Report.objects.order_by("pk").iterator(chunk_size=1000):
        yield {
            "id": report.report_id,
            "item": {"type": report.item_type, "id": report.item_id},
            "reporter": {"kind": report.reporter_kind, "type": report.reporter_type, "id": report.reporter_id},
            "policy": report.policy,
            "reason": report.reason,
            "csam": report.csam,
            "reportedAt": report.reported_at.isoformat(),
            "receivedAt": report.received_at.isoformat(),
            "source": report.source,
        }
