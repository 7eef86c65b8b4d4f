"""What one person decided last: of which kind, and for how long without a pause."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.enforcement.models import Decision

PAUSE = timedelta(minutes=10)
"""Without a decision for so long, somebody has rested."""
_MOST = 1000
_LONGEST = timedelta(hours=12)


def last_policies(user: User, count: int) -> list[str | None]:
    """The policies that the cases of their last decisions proposed, the newest first."""
    found = Decision.objects.filter(
        decided_by=user, kind__in=(Decision.Kind.ACT, Decision.Kind.DISMISS), case__isnull=False
    )
    return list(found.order_by("-decided_at", "-pk").values_list("case__policy", flat=True)[:count])


def at_work_since(user: User) -> datetime | None:
    """The first of the decisions that followed one another without a pause until now; None where there is none."""
    now = timezone.now()
    found = Decision.objects.filter(decided_by=user, decided_at__gte=now - _LONGEST)
    began, last = None, now
    for moment in found.order_by("-decided_at").values_list("decided_at", flat=True)[:_MOST]:
        if last - moment > PAUSE:
            break
        began = last = moment
    return began
