"""What rings, and what did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.duty.models import Alarm, Night, Page

NIGHT = timedelta(hours=12)
"""Outside of a night that somebody began, pages are counted over so long."""
MOST = 200


def ringing() -> list[Alarm]:
    found = Alarm.objects.filter(state=Alarm.State.RINGING).select_related("case", "night__begun_by")
    return list(found.order_by("at")[:MOST])


def due(now: datetime) -> bool:
    return Alarm.objects.filter(state=Alarm.State.RINGING, due_at__lte=now).exists()


def known(case_ids: Sequence[int]) -> set[int]:
    """Those of these cases that have an alarm already; one that was settled while its case stayed open is none."""
    found = Alarm.objects.filter(case_id__in=case_ids).exclude(state=Alarm.State.SETTLED)
    return set(found.values_list("case_id", flat=True))


def silent() -> list[int]:
    """Open cases that have an alarm, and ring no more by themselves."""
    found = Alarm.objects.filter(case__state=Case.State.OPEN).exclude(state=Alarm.State.SETTLED)
    return list(found.values_list("case_id", flat=True))


def since(moment: datetime) -> list[Alarm]:
    found = Alarm.objects.filter(at__gte=moment).exclude(state=Alarm.State.KNOWN)
    return list(found.select_related("case", "acknowledged_by").prefetch_related("pages__user").order_by("at")[:MOST])


def paged(user: User, night: Night | None) -> int:
    """How often this person was paged in this night."""
    begin = night.begun_at if night else timezone.now() - NIGHT
    return Page.objects.filter(user=user, at__gte=begin).count()


def of_link(word: str) -> Page | None:
    """The page whose link has this word."""
    found = Page.objects.filter(digest=sha256(word.encode()).hexdigest())
    return found.select_related("alarm__case", "alarm__acknowledged_by", "user").first()


def of_case(case_id: int) -> Alarm | None:
    return Alarm.objects.filter(case_id=case_id).first()


def open_to(user: User) -> list[Alarm]:
    """Those that this person was paged for and nobody has acknowledged, the newest first."""
    unheard = (Alarm.State.RINGING, Alarm.State.UNHEARD)
    found = Alarm.objects.filter(pages__user=user, state__in=unheard, case__state=Case.State.OPEN).distinct()
    return list(found.select_related("case").order_by("-at")[:MOST])
