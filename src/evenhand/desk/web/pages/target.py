"""Somebody at whom much comes: what, by whom, how fast, and the cases that wait on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, urgent
from evenhand.desk.cases.queries.sight import Sight, hidden_among, sight
from evenhand.desk.enforcement.services import TYPED_ABOVE
from evenhand.desk.enforcement.services.each import MOST_EACH
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.intake.queries import incoming, items
from evenhand.desk.intake.queries.incoming import Incoming, Reported
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.intake.reading.pointers import PARENT
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.charts import Chart, Point, bars
from evenhand.desk.web.figures import share
from evenhand.desk.web.pages.choices import asks
from evenhand.desk.web.pages.queue import Row, rows
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.model import Ref
from evenhand.engine.platform import Action

HOURS = 72
NEW = timedelta(days=30)
SHOWN = 50
HOUR = 3_600_000_000
SERIES = ("reply", "mention", "thread")


class Together(Struct, frozen=True):
    """The open cases of one policy, which one decision may decide."""

    policy: str
    name: str
    cases: list[Case]
    actions: list[Action]
    """What can be taken back, needs no second person and asks for nothing: the others are decided case by case."""

    @property
    def seen(self) -> str:
        """Each case with the version in which it is shown."""
        return ".".join(f"{case.pk}-{case.version}" for case in self.cases)

    @property
    def typed(self) -> int:
        """How many they are, where that is to be typed."""
        return len(self.cases) if len(self.cases) > TYPED_ABOVE else 0


class TargetPage(Struct, frozen=True):
    ref: Ref
    name: str
    hours: int
    chart: Chart
    came: int
    most: bool
    """There were more than are looked at."""
    authors: int
    new: str
    """Which share of the authors' accounts is new, of those whose age is known."""
    reported: Reported
    """About the account."""
    reported_made: Reported
    """About what they made."""
    rows: list[Row]
    open: int
    together: list[Together]


def target_page(ref: Ref, user: User) -> TargetPage:
    """What arrived in the last 72 hours. Items in cases that are not for this person are left out, and their number."""
    snapshot, mine, now = policies.current(), sight(user), now_micros()
    begin = now // HOUR * HOUR - (HOURS - 1) * HOUR
    made = incoming.made_by(ref)
    found = _shown(incoming.incoming(ref, made, begin), mine)
    authors = list(dict.fromkeys(one.creator for one in found if one.creator.id))
    waiting = _waiting([one.ref for one in found], mine)
    known = items.known([ref]).get(ref)
    return TargetPage(
        ref=ref,
        name=(known.item.name if known else "") or ref.id,
        hours=HOURS,
        chart=_chart(found, begin),
        came=len(found),
        most=len(found) >= incoming.MOST,
        authors=len(authors),
        new=_new(authors, items.known(authors)),
        reported=incoming.reported([ref]),
        reported_made=incoming.reported(made),
        rows=rows(waiting[:SHOWN], user, snapshot),
        open=len(waiting),
        together=_together(waiting, snapshot) if allowed(user, Permission.DECIDE) else [],
    )


def _shown(found: Sequence[Incoming], mine: Sight) -> list[Incoming]:
    hidden = hidden_among([one.ref for one in found], mine)
    return [one for one in found if one.ref not in hidden]


def _waiting(refs: Sequence[Ref], mine: Sight) -> list[Case]:
    """Open cases on these, in the order of the queue."""
    found = [case for case in urgent.open_on(refs) if mine.sees(case) and not case.deciding]
    return sorted(found, key=lambda case: (case.lane, -case.rank, case.pk))


def _chart(found: Sequence[Incoming], begin: int) -> Chart:
    counts = Counter(((one.at - begin) // HOUR, _series(one)) for one in found)
    points = [
        Point(_label(begin + hour * HOUR), {name: counts[hour, name] for name in SERIES if counts[hour, name]})
        for hour in range(HOURS)
    ]
    names = {"reply": _("answers"), "mention": _("name them"), "thread": _("in their threads")}
    return bars(points, series=SERIES, names=names, until=_label(begin + HOURS * HOUR))


def _series(one: Incoming) -> str:
    return {PARENT: "reply", incoming.THREAD: "thread"}.get(one.how, "mention")


def _label(at: int) -> str:
    return datetime.fromtimestamp(at // 1_000_000, tz=timezone.get_default_timezone()).strftime("%m-%d %H:%M")


def _new(authors: Sequence[Ref], known: dict[Ref, Known]) -> str:
    since = to_micros(timezone.now() - NEW)
    ages = [known[one].item.created_at for one in authors if one in known and known[one].item.created_at]
    if not ages:
        return _("not known of any")
    new = sum(age >= since for age in ages if age)
    return _("%(new)s of %(known)s whose age is known (%(share)s)") % {
        "new": new, "known": len(ages), "share": share(round(new / len(ages), 3)),
    }  # fmt: skip


def _together(waiting: Sequence[Case], snapshot: Snapshot) -> list[Together]:
    by_policy: dict[str, list[Case]] = {}
    for case in waiting:
        if case.policy and case.kind == Case.Kind.REVIEW:
            by_policy.setdefault(case.policy, []).append(case)
    return [
        Together(policy, policy_name(policy, snapshot), some[:MOST_EACH], _actions(some, snapshot))
        for policy, some in by_policy.items()
        if len(some) > 1
    ]


def _actions(some: Sequence[Case], snapshot: Snapshot) -> list[Action]:
    types = {case.item_type for case in some}
    return [
        action
        for action in snapshot.actions.values()
        if action.key and action.undo and not (action.retired or action.two_person or asks(action))
        if not action.applies_to or types <= set(action.applies_to)
    ]
