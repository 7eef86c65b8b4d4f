"""What keeps somebody from being woken: for `evenhand check`, the status page, and whoever watches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.cases.queries import Case
from evenhand.desk.duty.models import Alarm, Way
from evenhand.desk.duty.queries import rosters, ways
from evenhand.desk.enforcement.queries import nights
from evenhand.desk.fields import to_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries as rules
from evenhand.desk.rules.queries import Life
from evenhand.engine.model import Problem
from evenhand.runtime import config

LATE = timedelta(minutes=2)


def duty() -> Iterator[Problem]:
    yield from _unreachable()
    yield from _no_mail()
    yield from _failing()
    yield from _unheard()
    yield from _unknown_rules()


def _unreachable() -> Iterator[Problem]:
    """Nobody is there, and nobody can be called."""
    night = rosters.open_night()
    if night is None:
        return
    called = rosters.called(night)
    if not any(ways.of_all(called).values()):
        yield Problem(
            code="night_without_page",
            message=_("It is good night until %(until)s UTC, and nobody can be paged.")
            % {"until": f"{night.until:%Y-%m-%d %H:%M}"},
            what_to_do=_("Add a way to be reached under “My hours”, then send a test."),
            since=to_micros(night.begun_at),
        )


def _no_mail() -> Iterator[Problem]:
    if not config.current().mail_host and Way.objects.filter(kind=Way.Kind.MAIL, user__is_active=True).exists():
        yield Problem(
            code="page_without_mail_server",
            message=_("People are to be reached by mail, and no mail server is configured."),
            what_to_do=_("Write mail_host into evenhand.toml, and start the desk anew."),
        )


def _failing() -> Iterator[Problem]:
    """Messages to people that did not arrive, way by way, with the age of the oldest."""
    now = timezone.now()
    late: dict[str, tuple[datetime, str]] = {}
    for row in nights.left(ways.PREFIX):
        if row.state == row.State.DEAD or row.attempts or now - row.due_at > LATE:
            late.setdefault(row.destination, (row.created_at, row.last_error))
    for name, (since, error) in late.items():
        yield Problem(
            code="page_channel_failing",
            message=_("Pages by %(way)s do not arrive: %(error)s")
            % {"way": name.removeprefix(ways.PREFIX), "error": error or _("nothing was sent yet")},
            what_to_do=_(
                "Mend its address under “My hours”, send a test, then replay or call off what waits: Deliveries."
            ),
            since=to_micros(since),
        )


def _unknown_rules() -> Iterator[Problem]:
    """Rules that are to page, and do not run."""
    named = policies.current().platform.page_rules
    lives = rules.lives() if named else {}
    for name in named:
        if name not in lives or lives[name].stage not in (Life.Stage.CANARY, Life.Stage.LIVE):
            yield Problem(
                code="page_rule_not_live",
                message=_("The rule %(name)s is to page, and is not live.") % {"name": name},
                what_to_do=_("Move it on the page of rules, or take it out of page_rules in the platform document."),
                severity="warning",
            )


def _unheard() -> Iterator[Problem]:
    silent = (Alarm.State.UNHEARD, Alarm.State.CAPPED)
    waiting = Alarm.objects.filter(state__in=silent, case__state=Case.State.OPEN).order_by("at")
    found = list(waiting.values_list("at", flat=True)[:1000])
    if found:
        yield Problem(
            code="pages_unheard",
            message=ngettext(
                "%(count)s critical case paged nobody, or nobody who answered.",
                "%(count)s critical cases paged nobody, or nobody who answered.",
                len(found),
            )
            % {"count": len(found)},
            what_to_do=_("Open the queue. If a cap kept them silent, it can be raised in the platform document."),
            severity="warning",
            since=to_micros(found[0]),
        )
