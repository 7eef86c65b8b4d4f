"""Questions to peers: those that wait, those of a case."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.referral.models import Opinion

__all__ = ["Opinion"]

MOST = 20


def _waiting() -> Q:
    return Q(answered_at=None, withdrawn_at=None, until__gt=timezone.now(), case__state=Case.State.OPEN)


def waits(opinion: Opinion) -> bool:
    """It can still be answered."""
    open_ = opinion.answered_at is None and opinion.withdrawn_at is None and opinion.until > timezone.now()
    return open_ and opinion.case.state == Case.State.OPEN


def waiting_on(case_id: int) -> bool:
    return Opinion.objects.filter(_waiting(), case=case_id).exists()


def asked_of(user: User) -> list[Opinion]:
    """What waits for this person's answer, the oldest first; of the cases that they may see now."""
    found = Opinion.objects.filter(_waiting(), peer=user).select_related("case").order_by("asked_at", "pk")[:MOST]
    return [one for one in found if sight(user).sees(one.case)]


def asked(opinion_id: int, user: User) -> Opinion | None:
    """A question to this person, on a case that they may see; answered or not."""
    found = Opinion.objects.filter(pk=opinion_id, peer=user, withdrawn_at=None).select_related("case").first()
    return found if found and sight(user).sees(found.case) else None


def of_case(case_id: int, user: User) -> list[Opinion]:
    """Questions on a case and their answers, the newest first. Who is still asked reads no answer of others."""
    found = Opinion.objects.filter(case=case_id, withdrawn_at=None).select_related("case", "asker", "peer")
    every = list(found.order_by("-asked_at", "-pk")[:MOST])
    if any(one.peer_id == user.pk and waits(one) for one in every):
        return [one for one in every if one.peer_id == user.pk]
    return every
