"""What an accepted appeal says of the decisions that it is about, and that it says so no more when it is taken back."""

from __future__ import annotations

from evenhand.desk.enforcement.models import Decision


def overturn(decision: Decision, verdict: Decision) -> bool:
    """In the caller's transaction: `verdict` found it wrong. False, and nothing changes, when it stood no more."""
    standing = Decision.objects.filter(
        pk=decision.pk, undone_at__isnull=True, overturned_by__isnull=True, reversals__isnull=True
    )
    return bool(standing.update(overturned_by=verdict))


def stand_again(verdict: Decision) -> list[Decision]:
    """In the caller's transaction: the verdict was taken back; the decisions that it had overturned."""
    overturned = list(Decision.objects.filter(overturned_by=verdict).order_by("pk"))
    Decision.objects.filter(overturned_by=verdict).update(overturned_by=None)
    return overturned
