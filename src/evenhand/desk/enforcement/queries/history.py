"""Decisions as people look back on them: on an item, by id and by reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenhand.desk.enforcement.models import ActionTaken, Decision
from evenhand.engine.model import Ref

__all__ = ["ActionTaken", "Decision"]

MOST = 20
NEWEST = 20_000
"""Reasons are searched among so many of the newest decisions."""


def on_items(refs: Sequence[Ref], limit: int = MOST, before: int | None = None) -> list[Decision]:
    """Decisions on any of these items, the newest first, with their actions and whether something took them back."""
    if not refs:
        return []
    ids: dict[str, list[str]] = {}
    for ref in refs:
        ids.setdefault(ref.type, []).append(ref.id)
    same = Q.create([Q(item_type=type_, item_id__in=some) for type_, some in ids.items()], connector=Q.OR)
    return _page(full().filter(same), limit, before)


def by_uid(uid: str) -> Decision | None:
    return full().filter(uid=uid).first()


def newest(limit: int, before: int | None = None) -> list[Decision]:
    """The newest decisions, those before the one with the row number `before`."""
    return _page(full(), limit, before)


def with_reason(text: str, limit: int, before: int | None = None) -> list[Decision]:
    """Decisions whose reason contains the text, among the newest 20,000."""
    last = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return _page(full().filter(reason__icontains=text, pk__gt=last - NEWEST), limit, before)


def _page(decisions: QuerySet[Decision], limit: int, before: int | None) -> list[Decision]:
    if before is not None:
        decisions = decisions.filter(pk__lt=before)
    return list(decisions.order_by("-pk")[:limit])


def full() -> QuerySet[Decision]:
    """Each with who made, undid or consented to it, its actions, and whether something took it back; with the verdict
    that overturned it."""
    reversal = Decision.objects.filter(reverses=OuterRef("pk"))
    return (
        Decision.objects.select_related(
            "decided_by", "undone_by", "seconded_by", "reverses", "overturned_by__decided_by"
        )
        .prefetch_related("actions")
        .annotate(taken_back=Exists(reversal))
    )
