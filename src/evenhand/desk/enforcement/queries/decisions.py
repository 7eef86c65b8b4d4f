"""What was decided on an item, and what of it still stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from evenhand.desk.enforcement.models import ActionTaken, Decision
from evenhand.desk.enforcement.queries.history import full
from evenhand.engine.model import Ref

__all__ = [
    "ActionTaken", "Decision",
    "items_taken_back", "left_of", "overturned", "standing", "standing_actions", "stood", "usual",
    "verdict",
]  # fmt: skip

LOOKED_AT = 200
"""So many of the newest actions tell what is usual."""

_TAKING_BACK = ActionTaken.objects.filter(
    undoes=OuterRef("pk"), decision__undone_at__isnull=True, undone_by__isnull=True
)
"""What takes an action back, as long as that was not taken back itself."""


def standing(ref: Ref) -> list[Decision]:
    """Decisions to act on an item that were neither undone, reversed nor overturned, newest first."""
    return list(
        Decision.objects.filter(
            item_type=ref.type,
            item_id=ref.id,
            kind=Decision.Kind.ACT,
            undone_at__isnull=True,
            reversals__isnull=True,
            overturned_by__isnull=True,
        )
        .select_related("decided_by")
        .order_by("-decided_at")
    )


def standing_actions(item_type: str, item_id: str) -> list[ActionTaken]:
    """Actions on an item that nothing has taken back."""
    return list(
        ActionTaken.objects.filter(
            ~Exists(_TAKING_BACK),
            item_type=item_type,
            item_id=item_id,
            undoes__isnull=True,
            decision__undone_at__isnull=True,
            decision__kind=Decision.Kind.ACT,
        ).order_by("pk")
    )


def left_of(decision: Decision) -> list[ActionTaken]:
    """Its actions that nothing has taken back."""
    return list(decision.actions.filter(~Exists(_TAKING_BACK)).order_by("pk"))


def stood(ref: Ref, at: datetime) -> list[Decision]:
    """Decisions that acted on an item and were not taken back at that moment, the newest first."""
    before = _TAKING_BACK.filter(decision__decided_at__lte=at)
    actions = ActionTaken.objects.filter(
        ~Exists(before), decision=OuterRef("pk"), item_type=ref.type, item_id=ref.id, undoes__isnull=True
    )
    found = full().filter(
        Exists(actions),
        Q(undone_at__isnull=True) | Q(undone_at__gt=at),
        Q(overturned_by__isnull=True) | Q(overturned_by__decided_at__gt=at),
        kind=Decision.Kind.ACT,
        decided_at__lte=at,
    )
    return list(found.order_by("-decided_at", "-pk"))


def overturned(case_id: int) -> Decision | None:
    """The newest decision on a case that an appeal overturned."""
    return full().filter(case_id=case_id, overturned_by__isnull=False).order_by("-pk").first()


def verdict(case_id: int) -> Decision | None:
    """How the appeal of this case was heard, as far as that stands."""
    heard = full().filter(
        case_id=case_id,
        kind__in=(Decision.Kind.UPHOLD, Decision.Kind.OVERTURN),
        undone_at__isnull=True,
        reversals__isnull=True,
    )
    return heard.order_by("-pk").first()


def items_taken_back(decision: Decision) -> set[tuple[str, str]]:
    """Type and id of each item on which this decision, or its undo, took an action back."""
    if decision.kind == Decision.Kind.ACT and decision.undone_at is None:
        return set()
    return {(taken.item_type, taken.item_id) for taken in decision.actions.all()}


def usual(policy: str | None) -> str | None:
    """The action that people took most often under this policy of late; None where they took none."""
    newest = ActionTaken.objects.filter(undoes__isnull=True, decision__undone_at__isnull=True).order_by("-pk")
    found = newest.values_list("action", "decision__policy", "decision__kind")[:LOOKED_AT]
    taken = Counter(action for action, under, kind in found if under == policy and kind == Decision.Kind.ACT)
    return next((action for action, _ in taken.most_common(1)), None)
