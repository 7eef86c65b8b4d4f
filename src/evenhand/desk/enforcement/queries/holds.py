"""What rules and banks hold while a case waits."""

from __future__ import annotations

from evenhand.desk.enforcement.models import Hold
from evenhand.engine.model import Ref

__all__ = ["Hold", "open_hold"]


def open_hold(ref: Ref) -> Hold | None:
    """The hold that hides this item now."""
    found = Hold.objects.filter(item_type=ref.type, item_id=ref.id, ended_at__isnull=True)
    return found.select_related("decision").first()
