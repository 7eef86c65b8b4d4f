"""Good night, and good morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import urgent
from evenhand.desk.duty.models import Alarm, Night
from evenhand.desk.duty.queries import alarms
from evenhand.desk.duty.services import digest, paging
from evenhand.desk.duty.services.errors import DutyError, NightOpen

LONGEST: Final = timedelta(hours=72)
MOST_PAGES: Final = 50


def begin(by: User, *, until: datetime, cap: int, shown: dict[str, Any]) -> Night:
    """Nobody is at the desk until then. What waits already was shown, and wakes nobody.

    Raises NightOpen; DutyError: a time that is over or too far away, a cap that is none.
    """
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise DutyError("A night ends within three days from now.")
    if not 0 <= cap <= MOST_PAGES:
        raise DutyError(f"A cap is a whole number from 0 to {MOST_PAGES}.")
    try:
        with transaction.atomic():
            night = Night.objects.create(begun_by=by, begun_at=now, until=until, cap=cap, shown=shown)
            _know(night)
            record(
                Act.NIGHT_BEGUN,
                actor=actor(by),
                obj=f"night:{night.pk}",
                payload={"until": until.isoformat(), "cap": cap, "shown": shown},
            )
    except IntegrityError:
        raise NightOpen("Somebody said good night already; end that night first.") from None
    return night


def _know(night: Night) -> None:
    """Critical cases that wait when it begins."""
    fresh = urgent.critical(but=alarms.silent(), limit=None)
    Alarm.objects.filter(case__in=fresh).update(night=night, at=night.begun_at, state=Alarm.State.KNOWN)
    there = set(Alarm.objects.filter(case__in=fresh).values_list("case_id", flat=True))
    Alarm.objects.bulk_create(
        [
            Alarm(
                case=case, night=night, cause="critical", policy=case.policy, at=night.begun_at, state=Alarm.State.KNOWN
            )
            for case in fresh
            if case.pk not in there
        ]
    )


def end(night_id: int, by: User | None) -> None:
    """Good morning: what still rings is answered by that. Nothing happens when it has ended already."""
    with transaction.atomic():
        now = timezone.now()
        ended = Night.objects.filter(pk=night_id, open=True).update(open=None, ended_at=now, ended_by=by and by.pk)
        if not ended:
            return
        night = Night.objects.get(pk=night_id)
        paging.settle(night)
        digest.send(night)
        record(
            Act.NIGHT_ENDED,
            actor=actor(by) if by else "system:duty",
            obj=f"night:{night_id}",
            payload={"pages": sum(alarm.pages.count() for alarm in night.alarms.all())},
        )


def end_over() -> None:
    """A night whose time is over has ended."""
    for night_id in Night.objects.filter(open=True, until__lte=timezone.now()).values_list("pk", flat=True):
        end(night_id, None)
