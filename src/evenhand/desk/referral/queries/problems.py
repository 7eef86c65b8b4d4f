"""Questions to peers that nobody answers: for `evenhand check` and the status page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.cases.queries import Case
from evenhand.desk.fields import to_micros
from evenhand.desk.referral.models import Opinion
from evenhand.engine.model import Problem

LATE = timedelta(hours=8)


def opinions() -> Iterator[Problem]:
    """Unanswered for long, or never answered, while their cases are still open."""
    asked_again = Opinion.objects.filter(case=OuterRef("case"), asked_at__gt=OuterRef("asked_at"))
    late = Opinion.objects.filter(
        ~Exists(asked_again), answered_at=None, withdrawn_at=None, asked_at__lt=timezone.now() - LATE,
        case__state=Case.State.OPEN,
    ).aggregate(count=Count("pk"), since=Min("asked_at"))  # fmt: skip
    if not late["count"]:
        return
    hours = LATE // timedelta(hours=1)
    yield Problem(
        code="opinions_wait",
        message=ngettext(
            "%(count)s question to a peer is unanswered after %(hours)s hours.",
            "%(count)s questions to peers are unanswered after %(hours)s hours.",
            late["count"],
        )
        % {"count": late["count"], "hours": hours},
        what_to_do=_(
            "Decide their cases without, or ask again from the case: a question ends 24 hours after it was asked, and"
            " then another peer can be asked."
        ),
        severity="warning",
        since=to_micros(late["since"]),
    )
