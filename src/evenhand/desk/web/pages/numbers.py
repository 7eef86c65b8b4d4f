"""The page of numbers: what waits, how fast harm was contained, what fell on appeal, whose reports were right."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import backlog
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.dueprocess import queries as appeals
from evenhand.desk.enforcement.queries import judged
from evenhand.desk.enforcement.queries.contained import Contained, contained
from evenhand.desk.intake.queries import views
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.charts import Chart, Point, bars
from evenhand.desk.web.figures import accurate, share, span, written
from evenhand.desk.web.pages.opinions import Compared, compared
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.triage.exposure import model

DAYS = 30


class Waiting(Struct, frozen=True):
    policy: str
    open: int
    critical: int
    oldest: datetime
    cost: str
    """Its share of all that waiting costs now."""


class Ended(Struct, frozen=True):
    """What became of one policy's cases that were acted on."""

    policy: str
    cases: int
    held: str
    median: str
    ninth: str
    overturned: str


class Right(Struct, frozen=True):
    policy: str
    reports: int
    share: str


class Numbers(Struct, frozen=True):
    days: int
    waiting: list[Waiting]
    open: int
    came: Chart
    decided: Chart
    ended: list[Ended]
    reports: list[Right]
    appeals: str
    pace: str
    opinions: list[Compared]


def numbers(user: User) -> Numbers:
    mine, snapshot = sight(user), policies.current()
    since = timezone.now() - timedelta(days=DAYS)
    piles = backlog.backlog(mine, model(views.half_life()))
    whole = sum(pile.cost for pile in piles) or 1.0
    by_day = backlog.days(mine, DAYS)
    found = contained(since, mine.queues)
    return Numbers(
        days=DAYS,
        waiting=[
            Waiting(
                _name(pile.policy, snapshot), pile.open, pile.critical, pile.oldest, share(round(pile.cost / whole, 3))
            )
            for pile in piles
        ],
        open=sum(pile.open for pile in piles),
        came=bars([Point(day.day, {"": day.opened}) for day in by_day]),
        decided=bars(
            [Point(day.day, {"upheld": day.upheld, "dismissed": day.dismissed}) for day in by_day],
            series=("upheld", "dismissed"),
            names={"upheld": _("acted on"), "dismissed": _("no violation")},
        ),
        ended=[
            _ended(_name(policy, snapshot), one)
            for policy, one in sorted(found.items(), key=lambda pair: -pair[1].cases)
            if policy not in mine.hidden
        ],
        reports=[
            Right(_name(policy, snapshot), one.upheld + one.dismissed, accurate(one.upheld, one.upheld + one.dismissed))
            for policy, one in sorted(
                backlog.reports_judged(mine, since).items(), key=lambda pair: -(pair[1].upheld + pair[1].dismissed)
            )
        ],
        appeals=_appeals(since),
        pace=_pace(),
        opinions=compared(user, DAYS),
    )


def _name(policy: str | None, snapshot: Snapshot) -> str:
    return policy_name(policy, snapshot) or _("no policy")


def _ended(policy: str, one: Contained) -> Ended:
    return Ended(
        policy=policy,
        cases=one.cases,
        held=_("%(held)s of %(cases)s") % {"held": one.held, "cases": one.cases},
        median=span(one.median * 60),
        ninth=span(one.ninth * 60),
        overturned=accurate(one.overturned, one.cases),
    )


def _appeals(since: datetime) -> str:
    accepted, rejected = appeals.heard_since(since)
    if not accepted + rejected:
        return _("No appeal was heard.")
    return _("Accepted: %s") % accurate(accepted, accepted + rejected)


def _pace() -> str:
    pace = judged.pace()
    if pace.seconds is None:
        return _("No decision was timed yet.")
    return _("%(seconds)s s for a decision, the mean of %(decisions)s") % {
        "seconds": written(pace.seconds, ".0f"),
        "decisions": written(pace.decisions, ","),
    }
