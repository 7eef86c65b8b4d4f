"""What a night brought."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from evenhand.desk.cases.queries import urgent
from evenhand.desk.duty.models import Alarm, Night, Page
from evenhand.desk.enforcement.queries import nights as holds

OLD = timedelta(days=3)


def last_night() -> Night | None:
    """The night that is, or the last one, if it is not long ago."""
    found = Night.objects.filter(begun_at__gte=timezone.now() - OLD).select_related("begun_by", "ended_by")
    return found.order_by("-begun_at").first()


def ends(night: Night) -> datetime:
    return night.ended_at or timezone.now()


def counts(night: Night) -> dict[str, int]:
    begin, end = night.begun_at, ends(night)
    told = Alarm.objects.filter(night=night)
    return {
        **urgent.came(begin, end),
        "held": holds.placed(begin, end),
        "waiting_holds": holds.waiting(),
        "paged": Page.objects.filter(at__gte=begin, at__lt=end).count(),
        "silent": told.filter(state=Alarm.State.CAPPED).count(),
        "unheard": told.filter(state=Alarm.State.UNHEARD).count(),
    }
