"""Two-person decisions that wait for the second person: which, how many for whom, and why somebody cannot be it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q, QuerySet

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.cases.services import open_queues
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.enforcement.queries.history import full
from evenhand.runtime import config

MOST = 20
MOST_COUNTED = 99


class Hindrance(StrEnum):
    """Why somebody cannot consent."""

    OWN = "own"
    """They made the decision."""
    QUEUE = "queue"
    """Its case is in a queue that is not theirs."""
    ROLE = "role"


def waiting(limit: int = MOST) -> list[Decision]:
    """Decisions that nobody else has consented to yet, the oldest first. None where one person is alone (solo)."""
    return [] if config.current().solo else list(_waiting(full()).order_by("pk")[:limit])


def seen_by(user: User, limit: int = MOST) -> list[Decision]:
    """Those of them that this person may know of."""
    return [] if config.current().solo else list(_seen(_waiting(full()), sight(user)).order_by("pk")[:limit])


def count_for(user: User) -> int:
    """How many wait for this person's consent: somebody else's, on cases of their queues. Not counted beyond 99."""
    if config.current().solo:
        return 0
    mine = Q(case__isnull=True) | Q(case__queue__in=open_queues(user))
    found = _seen(_waiting(Decision.objects.all()), sight(user)).filter(mine).exclude(decided_by=user)
    return found.values("pk")[:MOST_COUNTED].count()


def hindrance(decision: Decision, user: User) -> Hindrance | None:
    if decision.decided_by_id == user.pk:
        return Hindrance.OWN
    if not allowed(user, Permission.SECOND):
        return Hindrance.ROLE
    if decision.case is not None and decision.case.queue not in open_queues(user):
        return Hindrance.QUEUE
    return None


def _waiting(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.filter(
        needs_second=True,
        seconded_at__isnull=True,
        undone_at__isnull=True,
        overturned_by__isnull=True,
        reversals__isnull=True,
    ).select_related("case")


def _seen(decisions: QuerySet[Decision], mine: Sight) -> QuerySet[Decision]:
    if not mine.hidden:
        return decisions
    return decisions.filter(Q(policy__isnull=True) | ~Q(policy__in=sorted(mine.hidden)))
