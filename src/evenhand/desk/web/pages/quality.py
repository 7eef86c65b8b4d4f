"""The page of quality: how often second looks say the same, what fell on appeal, and where this person and another
differ. By policy; of persons only to themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.dueprocess import queries as appeals
from evenhand.desk.enforcement.queries import again
from evenhand.desk.enforcement.queries import quality as looks
from evenhand.desk.enforcement.queries.again import SecondLook
from evenhand.desk.enforcement.queries.quality import Counted, Day
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.charts import Chart, Point, bars
from evenhand.desk.web.figures import share, written
from evenhand.desk.web.pages.reports import policy_name
from evenhand.desk.web.pages.timeline import decision_title, way_title
from evenhand.engine.triage.agreement import Agreement, Share
from evenhand.engine.triage.agreement import share as share_of

DAYS = 90
WEEK = timedelta(days=7)


class Looked(Struct, frozen=True):
    """A row of the table of second looks, or of repeats."""

    policy: str
    drawn: int
    waiting: int
    given_up: int
    agreed: str
    alpha: str


class Fell(Struct, frozen=True):
    """A row of the table of appeals."""

    policy: str
    acted: int
    appealed: int
    heard: int
    overturned: str


class Differing(Struct, frozen=True):
    """A case that two people, or one person twice, decided otherwise. `undo`: the first decision, while it stands."""

    case: int
    at: datetime
    first: str
    second: str
    first_by: str
    second_by: str
    first_reason: str
    second_reason: str
    undo: str
    new: bool


class QualityPage(Struct, frozen=True):
    days: int
    looked: list[Looked]
    repeated: list[Looked]
    weeks: Chart | None
    fell: list[Fell]
    yours: list[Differing]
    alone: bool
    """There is a queue of theirs that nobody else may decide: there the same person decides again."""
    repeat_days: str
    shares: str
    """How large a share of each policy is looked at again."""


def quality_page(user: User) -> QualityPage:
    mine, snapshot = sight(user), policies.current()
    since = timezone.now() - timedelta(days=DAYS)
    found = looks.quality(mine, since)
    counted = [(_name(policy, snapshot), one) for policy, one in found.policies.items()]
    return QualityPage(
        days=DAYS,
        looked=[_looked(name, one, one.told) for name, one in counted],
        repeated=[_looked(name, one, one.repeats) for name, one in counted if one.repeats.agreed.whole],
        weeks=_weeks(found.days, since) if found.days else None,
        fell=_fell(mine, since, snapshot),
        yours=[_differing(one, user, snapshot) for one in again.differing(user)],
        alone=_is_alone(mine, snapshot),
        repeat_days=written(snapshot.platform.repeat_days),
        shares=_shares(mine, snapshot),
    )


def _name(policy: str | None, snapshot: Snapshot) -> str:
    return policy_name(policy, snapshot) or _("no policy")


def _looked(name: str, one: Counted, agreement: Agreement) -> Looked:
    return Looked(name, one.drawn, one.waiting, one.given_up, _written(agreement.agreed), _alpha(agreement))


def _written(one: Share) -> str:
    """With its denominator and its 90 % interval."""
    if one.value is None:
        return "–"
    return _("%(part)s of %(whole)s: %(share)s (90 %% interval %(low)s to %(high)s)") % {
        "part": written(one.part, ","),
        "whole": written(one.whole, ","),
        "share": share(round(one.value, 3)),
        "low": share(round(one.low, 3)),
        "high": share(round(one.high, 3)),
    }


def _alpha(agreement: Agreement) -> str:
    alpha = agreement.alpha
    if alpha is None:
        return "–"
    value, low, high = (written(one, ".2f") for one in (alpha.value, alpha.low, alpha.high))
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def _weeks(days: Sequence[Day], since: datetime) -> Chart:
    points = []
    start = since
    while start < timezone.now():
        some = [day.agreed for day in days if start <= day.at < start + WEEK]
        points.append(Point(f"{start:%Y-%m-%d}", {"agreed": sum(some), "differed": len(some) - sum(some)}))
        start += WEEK
    names = {"agreed": _("said the same"), "differed": _("differed")}
    return bars(points, series=("agreed", "differed"), names=names, until=f"{timezone.now():%Y-%m-%d}")


def _fell(mine: Sight, since: datetime, snapshot: Snapshot) -> list[Fell]:
    acted, came = looks.acted(since), appeals.by_policy(since)
    shown = sorted(acted.keys() | came.keys(), key=lambda policy: (-acted.get(policy, 0), policy))
    return [
        Fell(
            policy=_name(policy, snapshot),
            acted=acted.get(policy, 0),
            appealed=one.came,
            heard=one.heard,
            overturned=_written(share_of(one.accepted, one.heard)),
        )
        for policy in shown
        if policy not in mine.hidden
        for one in [came.get(policy, appeals.Appealed(0, 0, 0))]
    ]


def _differing(one: SecondLook, user: User, snapshot: Snapshot) -> Differing:
    first = one.first
    stands = not (first.undone_at or first.overturned_by_id or first.reversals.exists())
    return Differing(
        case=first.case_id or 0,
        at=one.decided_at or one.drawn_at,
        first=decision_title(first, snapshot),
        second=way_title(one.kind, [action for action, _ in one.actions], one.under, snapshot),
        first_by=_who(first.decided_by, user),
        second_by=_who(one.decided_by, user),
        first_reason=first.reason,
        second_reason=one.reason,
        undo=first.uid if stands else "",
        new=(first.decided_by == user and one.first_told_at is None)
        or (one.decided_by == user and one.second_told_at is None),
    )


def _who(person: User | None, user: User) -> str:
    if person is None:
        return ""
    return _("you") if person == user else person.pseudonym


def _is_alone(mine: Sight, snapshot: Snapshot) -> bool:
    return any(len(accounts.granted_any(snapshot.queues[queue].roles)) < 2 for queue in mine.queues)  # noqa: PLR2004 (two looks)


def _shares(mine: Sight, snapshot: Snapshot) -> str:
    known = [one for one in snapshot.policies.values() if not one.retired and not one.child_safety]
    return ", ".join(f"{one.name} {share(one.second_looks)}" for one in known if one.id not in mine.hidden)
