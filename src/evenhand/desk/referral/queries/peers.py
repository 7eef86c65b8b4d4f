"""Who can be asked about a case."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.permissions import Permission, granting
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import queue as cases
from evenhand.desk.fields import EPOCH, from_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.referral.models import Opinion
from evenhand.engine.platform import Role


def of(case: Case, *, but: User) -> list[User]:
    """People who may decide the case, are not barred from it and were not asked about it: those first who have the
    fewest questions waiting, then those who were not asked for longest."""
    asked = set(Opinion.objects.filter(case=case, withdrawn_at=None).values_list("peer_id", flat=True))
    found = [one for one in accounts.granted_any(_roles(case)) if one.pk not in asked | {but.pk}]
    found = [one for one in found if not cases.barred(one, [case.pk])]
    load = _load([one.pk for one in found])
    return sorted(found, key=lambda one: (*load.get(one.pk, (0, EPOCH)), one.pk))


def _roles(case: Case) -> set[Role]:
    """Those that open the case's queue, to people who may decide and see it."""
    snapshot = policies.current()
    queue, policy = snapshot.queues.get(case.queue), snapshot.policies.get(case.policy or "")
    roles = set(queue.roles if queue else ()) & set(granting(Permission.DECIDE))
    return roles & set(granting(Permission.SEE_CHILD_SAFETY)) if policy and policy.child_safety else roles


def _load(people: list[int]) -> dict[int, tuple[int, datetime]]:
    """Of each: how many questions wait, and when they were asked last."""
    waiting = Q(answered_at=None, withdrawn_at=None, until__gt=timezone.now(), case__state=Case.State.OPEN)
    rows = (
        Opinion.objects.filter(peer__in=people)
        .values_list("peer")
        .annotate(waiting=Count("pk", filter=waiting), last=Max("asked_at"))
        .order_by()
    )
    return {peer: (count, from_micros(last) if isinstance(last, int) else last) for peer, count, last in rows}
