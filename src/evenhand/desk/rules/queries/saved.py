"""Questions to the stored items that are kept for all of the desk."""

from __future__ import annotations

from evenhand.desk.rules.models import SavedQuery

__all__ = ["SavedQuery", "saved_queries"]

MOST = 100


def saved_queries() -> list[SavedQuery]:
    """By name, at most 100."""
    return list(SavedQuery.objects.order_by("name")[:MOST])
