"""Media that people opened: what is open, by whom a case was looked at, and how much one person saw."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import MediaView

__all__ = ["MediaView"]

INTERVAL = timedelta(seconds=10)
"""A page that shows media is heard of twice in this time, and shows it no longer than this without an answer."""
LONGEST = timedelta(hours=12)
"""A page without script is taken to show it for no longer than a session lasts."""
MOST = 20
MICROSECONDS = 1_000_000


class Exposure(Struct, frozen=True):
    """Media that one person opened: how often, and how many seconds at most until it was closed again."""

    opened: int
    seconds: int


def going(now: datetime) -> Q:
    """Views that have not ended, even where nobody has written down that they have."""
    heard = Q(heard_at__gte=now - INTERVAL)
    unheard = Q(heard_at__isnull=True, opened_at__gte=now - LONGEST)
    return Q(closed_at__isnull=True) & (heard | unheard)


def exposure(user: User, since: datetime) -> Exposure:
    """What this person opened since then. Media still open counts as opened, without seconds."""
    views = MediaView.objects.filter(viewer=user, opened_at__gte=since)
    row = views.aggregate(opened=Count("*"), micros=Sum(F("closed_at") - F("opened_at")))
    return Exposure(row["opened"], math.ceil(int(row["micros"] or 0) / MICROSECONDS))


def open_view(view_id: int, user: User) -> MediaView | None:
    """A view of this person that has not ended."""
    return MediaView.objects.filter(going(timezone.now()), pk=view_id, viewer=user).first()


def open_views(case_id: int, user: User) -> list[int]:
    """Ids of the views of this case that the person did not close yet."""
    return list(
        MediaView.objects.filter(case_id=case_id, viewer=user, closed_at__isnull=True).values_list("pk", flat=True)
    )


def of_case(case_id: int) -> list[MediaView]:
    """Who looked at media of this case, the newest first."""
    found = MediaView.objects.filter(case_id=case_id).select_related("viewer")
    return list(found.order_by("-opened_at", "-pk")[:MOST])
