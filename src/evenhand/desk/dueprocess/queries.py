"""What was appealed, and how it was heard."""

from __future__ import annotations

from evenhand.desk.dueprocess.models import Appeal
from evenhand.engine.model import Ref

__all__ = ["Appeal", "of_case", "on_item"]

MOST = 20


def of_case(case_id: int) -> Appeal | None:
    """The appeal that a case hears."""
    return Appeal.objects.filter(case_id=case_id).first()


def on_item(ref: Ref) -> list[Appeal]:
    """The newest appeals against decisions on an item."""
    found = Appeal.objects.filter(item_type=ref.type, item_id=ref.id)
    return list(found.order_by("-received_at", "-pk")[:MOST])
