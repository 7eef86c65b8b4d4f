"""Who is on duty when, and who is called when nobody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.duty import clock
from evenhand.desk.duty.clock import Shift, Span
from evenhand.desk.duty.models import Change, Hours, Night

AHEAD = timedelta(days=8)


class Roster(Struct, frozen=True):
    """Of one person: when they are on duty, from a moment on."""

    user: User
    hours: Hours
    spans: tuple[Span, ...]


def hours_of(user: User) -> Hours:
    """Kept or, for who has none, empty."""
    return Hours.objects.filter(user=user).first() or Hours(user=user)


def shifts_of(hours: Hours) -> list[Shift]:
    return msgspec.convert(hours.shifts, list[Shift])


def changes_of(user: User) -> list[Change]:
    """Those that are not over, the next first."""
    return list(Change.objects.filter(user=user, ends__gt=timezone.now()).order_by("begins"))


def rosters(since: datetime, until: datetime) -> list[Roster]:
    """Of everybody who has hours, or a stretch of duty, and may still come in."""
    kept = list(Hours.objects.filter(user__is_active=True).select_related("user").order_by("place", "pk"))
    changes: Mapping[int, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(begins__lt=until, ends__gt=since):
        changes[change.user_id].append(change)
    return [Roster(one.user, one, _spans(one, changes[one.user_id], since, until)) for one in kept]


def _spans(hours: Hours, changes: list[Change], since: datetime, until: datetime) -> tuple[Span, ...]:
    usual = clock.spans(shifts_of(hours), hours.zone, since, until)
    off = [Span(one.begins, one.ends) for one in changes if not one.on]
    more = [Span(one.begins, one.ends) for one in changes if one.on]
    return tuple(clock.joined([*clock.without(usual, off), *more]))


def on_duty(now: datetime) -> list[User]:
    """Whose hours these are."""
    found = rosters(now, now + timedelta(minutes=1))
    return [one.user for one in found if any(span.covers(now) for span in one.spans)]


def any_hours() -> bool:
    """Whether anybody has hours at all: without, there is nothing that a case could lie outside of."""
    return (
        any(Hours.objects.filter(user__is_active=True).values_list("shifts", flat=True))
        or Change.objects.filter(on=True, ends__gt=timezone.now()).exists()
    )


def next_on_duty(now: datetime) -> datetime | None:
    """When somebody is there again, or there now."""
    begins = [max(span.begins, now) for one in rosters(now, now + AHEAD) for span in one.spans if span.ends > now]
    return min(begins, default=None)


def open_night() -> Night | None:
    return Night.objects.filter(open=True).select_related("begun_by").first()


def woke_since(moment: datetime) -> bool:
    """Whether somebody ended a night since then."""
    return Night.objects.filter(ended_at__gte=moment, ended_by__isnull=False).exists()


def called(night: Night | None) -> list[User]:
    """Whom to page, in order: who said good night, then all who have a place."""
    placed = Hours.objects.filter(place__isnull=False, user__is_active=True).select_related("user")
    order = [one.user for one in placed.order_by("place", "pk")]
    if night is not None and night.begun_by.is_active:
        order = [night.begun_by, *(user for user in order if user != night.begun_by)]
    return order


def week(zone: str, now: datetime) -> list[int]:
    """People in each of the 672 quarters of an hour of the week that runs there."""
    begins = clock.monday(now, zone)
    until = begins + timedelta(days=clock.WEEK, hours=1)
    return clock.quarters([one.spans for one in rosters(begins, until)], begins)
