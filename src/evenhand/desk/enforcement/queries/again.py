"""Second looks: which wait, and how they were decided, once that may be told."""

from __future__ import annotations

from collections.abc import Iterator
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


def undrawn(since: datetime, until: datetime) -> Iterator[Decision]:
    """Decisions of people on review cases, made after `since` until `until`, which stand and have no second look."""
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
    )
    return found.select_related("case", "decided_by").order_by("decided_at", "pk").iterator(chunk_size=500)


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


def same_person() -> Q:
    """A repeat: whoever decided first decided again."""
    return Q(decided_by=F("first__decided_by"))


def differing(user: User) -> list[SecondLook]:
    """The newest looks in which this person was one of the two, and that came to something else."""
    theirs = decided().filter(Q(decided_by=user) | Q(first__decided_by=user))
    same = Q(kind="dismiss", first__kind="dismiss") | Q(kind="act", first__kind="act", under=F("first__policy"))
    return list(theirs.exclude(same).prefetch_related("first__actions")[:MOST_TOLD])


def untold(user: User) -> int:
    """How many of them this person has not seen yet."""
    return sum(not was_told(one, user) for one in differing(user))


def was_told(one: SecondLook, user: User) -> bool:
    first = one.first.decided_by_id == user.pk
    second = one.decided_by_id == user.pk
    return not (first and one.first_told_at is None) and not (second and one.second_told_at is None)
