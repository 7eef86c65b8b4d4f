"""What an item said before, and in which words it was reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from evenhand.desk.intake.models import ItemVersion, Report
from evenhand.engine.model import Item, Ref

MOST_VERSIONS = 20
_DECODER = msgspec.json.Decoder(Item)


class Version(Struct, frozen=True):
    """What an item said from `seen_at` until it was replaced."""

    item: Item
    seen_at: datetime
    replaced_at: datetime


def versions(ref: Ref) -> list[Version]:
    """Earlier states of an item, the newest first, at most 20."""
    rows = ItemVersion.objects.filter(item_type=ref.type, item_id=ref.id).order_by("-replaced_at", "-id")
    found = rows.values_list("data", "seen_at", "replaced_at")[:MOST_VERSIONS]
    return [Version(_DECODER.decode(data), seen_at, replaced_at) for data, seen_at, replaced_at in found]


def reasons(report_ids: Sequence[str]) -> dict[str, str]:
    """What reporters wrote, by the id of their report; those who wrote nothing are left out."""
    rows = Report.objects.filter(report_id__in=report_ids).exclude(reason="")
    return dict(rows.values_list("report_id", "reason"))


def newest_reports(limit: int) -> list[str]:
    """The ids of the events that brought the last reports."""
    return list(Report.objects.order_by("-id").values_list("event_id", flat=True)[:limit])
