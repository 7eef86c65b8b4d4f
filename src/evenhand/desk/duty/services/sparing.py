"""What is written down of how somebody was spared: clear looks, and what they took upon themselves all the same."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import looks
from evenhand.desk.duty import clock
from evenhand.desk.duty.models import Allowance, ClearLook
from evenhand.desk.duty.queries import rosters
from evenhand.desk.duty.services.errors import NeedsReason
from evenhand.engine.model import Ref

LONGEST_REASON: Final = 2000


def clear(view_id: int, user: User) -> int | None:
    """From now on the person sees it without a filter. The number of this look; None where the view has ended."""
    if looks.open_view(view_id, user) is None:
        return None
    return ClearLook.objects.create(view_id=view_id, begun_at=timezone.now()).pk


def unclear(look_id: int, user: User) -> None:
    """The filter is back."""
    ClearLook.objects.filter(pk=look_id, view__viewer=user, ended_at__isnull=True).update(ended_at=timezone.now())


def allow_more(user: User, policy: str, reason: str, *, by: User) -> Allowance:
    """No limit of this kind for this person until their day ends. Raises NeedsReason."""
    reason = _reason(reason)
    now = timezone.now()
    zone = rosters.hours_of(user).zone
    with transaction.atomic():
        given = Allowance.objects.create(
            user=user, policy=policy, reason=reason, given_by=by, given_at=now, until=clock.next_at(0, 0, zone, now)
        )
        record(
            Act.CAP_RAISED,
            actor=actor(by),
            obj=f"user:{user.pseudonym}",
            payload={"policy": policy, "reason": reason, "until": given.until.isoformat()},
        )
    return given


def look_all_the_same(case_id: int, user: User, ref: Ref, url: str, reason: str) -> None:
    """Known media could be decided without being seen, and this person looks. Raises NeedsReason."""
    reason = _reason(reason)
    with transaction.atomic():
        record(
            Act.LOOKED_ALL_THE_SAME,
            actor=actor(user),
            obj=f"case:{case_id}",
            payload={"item": [ref.type, ref.id], "url": url, "reason": reason},
        )


def _reason(reason: str) -> str:
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise NeedsReason("Say why: one sentence is enough.")
    return reason
