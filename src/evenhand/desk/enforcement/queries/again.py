"""Second looks: which wait, and how they were decided, once that may be told."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.enforcement.models import Decision, SecondLook

__all__ = ["SecondLook", "by_uid", "decided", "differing", "of_case", "undrawn", "untold", "waiting"]

MOST_TOLD = 50


def waiting() -> QuerySet[SecondLook]:
    """Those that nobody has decided, the oldest first."""
    found = SecondLook.objects.filter(decided_at__isnull=True, withdrawn_at__isnull=True)
    return found.select_related("case__again").order_by("drawn_at", "pk")


def undrawn(since: datetime, until: datetime) -> Generator[Decision, None, None]:
    """Decisions of people on review cases, made after `since` until `until`, which stand, wait for nobody's consent and
    have no second look."""
    found = Decision.objects.filter(
        decided_at__gt=since,
        decided_at__lte=until,
        kind__in=(Decision.Kind.ACT, Decision.Kind.DISMISS),
        case__kind="review",
        case__state="closed",
        decided_by__isnull=False,
        undone_at__isnull=True,
        reversals__isnull=True,
        overturned_by__isnull=True,
        second_look__isnull=True,
    ).exclude(needs_second=True, seconded_at__isnull=True)
    rows = found.select_related("case", "decided_by", "seconded_by").order_by("decided_at", "pk")
    yield from rows.iterator(chunk_size=500)


def by_uid(uid: str) -> SecondLook | None:
    return SecondLook.objects.filter(uid=uid).select_related("case", "decided_by").first()


def of_case(case_id: int) -> SecondLook | None:
    """The look that this case is."""
    return SecondLook.objects.filter(case=case_id).select_related("first__decided_by", "decided_by").first()


def decided(since: datetime | None = None) -> QuerySet[SecondLook]:
    """Those that may be told, the newest first."""
    found = SecondLook.objects.filter(effective_at__lte=timezone.now())
    if since is not None:
        found = found.filter(decided_at__gte=since)
    return found.select_related("first__decided_by", "decided_by", "case").order_by("-decided_at", "-pk")


def differing(user: User) -> list[SecondLook]:
    """The newest looks in which this person was one of the two, and that came to something else."""
    return list(_differing(user).prefetch_related("first__actions")[:MOST_TOLD])


def untold(user: User) -> int:
    """How many of them this person has not seen yet."""
    first = Q(first__decided_by=user, first_told_at__isnull=True)
    second = Q(decided_by=user, second_told_at__isnull=True)
    return _differing(user).filter(first | second).count()


def _differing(user: User) -> QuerySet[SecondLook]:
    theirs = decided().filter(Q(decided_by=user) | Q(first__decided_by=user))
    same = Q(kind="dismiss", first__kind="dismiss") | Q(kind="act", first__kind="act", under=F("first__policy"))
    return theirs.exclude(same)
