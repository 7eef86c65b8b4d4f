"""The ledger learns that somebody was locked out after too many wrong guesses."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record


@transaction.atomic
def note_lockout(name: str, ip: str | None) -> bool:
    """Once for an address in each cool-off, so that guessing at many names cannot fill the ledger.

    The same for names that exist and names that do not: the time it takes tells nothing.
    """
    since = timezone.now() - settings.AXES_COOLOFF_TIME + timedelta(seconds=1)
    others = AccessAttempt.objects.filter(ip_address=ip, attempt_time__gte=since).exclude(username=name)
    guesses = others.order_by().values("username").annotate(total=Sum("failures_since_start"))
    if guesses.filter(total__gte=settings.AXES_FAILURE_LIMIT).exists():
        return False
    record(Act.LOCKED_OUT, actor="system:signin", obj="system:signin", payload={"name": name, "address": ip})
    return True
