"""What is wrong with what leaves the desk: for `evenhand check`, the status page, and whoever watches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.queries import again_problems, batches, deliveries, licence_problems
from evenhand.desk.enforcement.queries.deliveries import Health
from evenhand.desk.enforcement.services.secrets import Unreadable, open_secret
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Micros, Problem

LATE = timedelta(minutes=15)


def problems() -> Iterator[Problem]:
    """Everything that keeps messages from arriving, from being held what could be, and decisions from being checked."""
    for health in deliveries.health():
        if health.condition == "disabled":
            yield _disabled(health)
        if health.condition == "missing" and health.waiting:
            yield _unnamed(health)
        if health.condition == "resting":
            yield _resting(health)
        if health.dead:
            yield _dead(health)
        yield from _unsigned(health)
    yield from _late()
    yield from _batches()
    yield from licence_problems.problems()
    yield from again_problems.second_looks()


def _disabled(health: Health) -> Problem:
    return Problem(
        code="webhooks_disabled",
        message=_("The destination %(name)s is switched off: %(reason)s")
        % {"name": health.id, "reason": health.disabled_reason},
        what_to_do=_(
            "Ask who runs the receiver, then press “Switch it on” on its page under Deliveries, or run"
            " `evenhand webhooks enable %(name)s`. Its messages wait."
        )
        % {"name": health.id},
        since=_micros(health.disabled_at),
    )


def _unnamed(health: Health) -> Problem:
    return Problem(
        code="webhooks_no_destination",
        message=ngettext(
            "%(count)s message waits for the destination %(name)s, which the platform document does not name.",
            "%(count)s messages wait for the destination %(name)s, which the platform document does not name.",
            health.waiting,
        )
        % {"count": health.waiting, "name": health.id},
        what_to_do=_("Put the destination back into the platform document, or cancel the messages."),
        since=_micros(health.oldest),
    )


def _resting(health: Health) -> Problem:
    return Problem(
        code="webhooks_breaker_open",
        message=_("%(name)s failed %(count)s times in a row; one message at a time tries whether it is back.")
        % {"name": health.id, "count": health.failures},
        what_to_do=_("Look at its last attempts on the deliveries page. What waits leaves by itself once it answers."),
        since=_micros(health.failing_since),
    )


def _dead(health: Health) -> Problem:
    return Problem(
        code="webhooks_dead",
        message=ngettext(
            "%(count)s message to %(name)s was given up.",
            "%(count)s messages to %(name)s were given up.",
            health.dead,
        )
        % {"count": health.dead, "name": health.id},
        what_to_do=_("Mend the receiver, then replay them: evenhand webhooks replay --dead %(name)s")
        % {"name": health.id},
        since=_micros(health.oldest_dead),
    )


def _unsigned(health: Health) -> Iterator[Problem]:
    for secret in deliveries.secrets(health.id):
        try:
            open_secret(secret)
        except Unreadable as error:
            yield Problem(
                code="webhooks_secret",
                message=str(error),
                what_to_do=_("Until then nothing is sent to it."),
                since=_micros(health.oldest),
            )


def _late() -> Iterator[Problem]:
    now = timezone.now()
    late = Delivery.objects.filter(
        Q(attempts__gt=0) | Q(due_at__lte=now), state=Delivery.State.PENDING, created_at__lt=now - LATE
    ).aggregate(count=Count("pk"), oldest=Min("created_at"))
    if late["count"]:
        yield Problem(
            code="webhooks_late",
            message=ngettext(
                "%(count)s message has waited for more than %(minutes)s minutes.",
                "%(count)s messages have waited for more than %(minutes)s minutes.",
                late["count"],
            )
            % {"count": late["count"], "minutes": round(LATE.total_seconds() / 60)},
            what_to_do=_("Does a destination fail? If none does: is `evenhand serve` or `evenhand worker` running?"),
            severity="warning",
            since=_micros(late["oldest"]),
        )


def _micros(moment: datetime | None) -> Micros | None:
    return to_micros(moment) if moment else None


def _batches() -> Iterator[Problem]:
    """Decisions on many cases that come no further."""
    stuck = [batch for batch in batches.unfinished() if timezone.now() - batch.made_at > LATE]
    for batch in stuck:
        found = batches.progress(batch)
        yield Problem(
            code="batch_unfinished",
            message=_("A decision on %(total)s cases has not come to %(waiting)s of them yet.")
            % {"total": found.total, "waiting": found.waiting},
            what_to_do=_(
                "It goes on while `evenhand serve` runs. If it does, the log of the desk tells what stops it."
            ),
            since=_micros(batch.made_at),
        )
