"""What an accepted appeal says of the decisions that it is about, and that it says so no more when it is taken back."""

from __future__ import annotations

from django.db.models import Q

from evenhand.desk.enforcement.models import Decision


def overturn(decision: Decision, verdict: Decision) -> bool:
    """In the caller's transaction: `verdict` found it wrong. False, and nothing changes, when it stood no more."""
    standing = Decision.objects.filter(
        pk=decision.pk, undone_at__isnull=True, overturned_by__isnull=True, reversals__isnull=True
    )
    return bool(standing.update(overturned_by=verdict))


def stand_again(verdict: Decision) -> list[Decision]:
    """In the caller's transaction: the verdict was taken back; which decisions stand again with that. Also those of
    which it took back a part, and another verdict the rest."""
    theirs = Q(overturned_by=verdict) | Q(overturned_by__isnull=False, actions__undone_by__decision=verdict)
    overturned = list(Decision.objects.filter(theirs).distinct().order_by("pk"))
    Decision.objects.filter(pk__in=[one.pk for one in overturned]).update(overturned_by=None)
    return overturned
