"""What was decided on an item, and what of it still stands."""

from __future__ import annotations

from evenhand.desk.enforcement.models import ActionTaken, Decision
from evenhand.engine.model import Ref

__all__ = ["ActionTaken", "Decision", "standing", "standing_actions"]


def standing(ref: Ref) -> list[Decision]:
    """Decisions to act on an item that were neither undone nor reversed, newest first."""
    return list(
        Decision.objects.filter(
            item_type=ref.type, item_id=ref.id, kind=Decision.Kind.ACT, undone_at__isnull=True, reversals__isnull=True
        )
        .select_related("decided_by")
        .order_by("-decided_at")
    )


def standing_actions(item_type: str, item_id: str) -> list[ActionTaken]:
    """Actions on an item that nothing has taken back."""
    return list(
        ActionTaken.objects.filter(
            item_type=item_type,
            item_id=item_id,
            undoes__isnull=True,
            undone_by__isnull=True,
            decision__undone_at__isnull=True,
            decision__kind=Decision.Kind.ACT,
        ).order_by("pk")
    )
