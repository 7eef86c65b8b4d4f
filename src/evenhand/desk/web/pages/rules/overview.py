"""All rules of the project in force: those first that need somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from evenhand.desk.enforcement.queries.agreement import Agreement, agreement
from evenhand.desk.fields import from_micros, to_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.rules import queries
from evenhand.desk.rules.asks import asks, descriptions
from evenhand.desk.rules.queries.hits import HOUR
from evenhand.desk.rules.queries.lives import BY_ITSELF
from evenhand.desk.rules.queries.running import defined
from evenhand.desk.web import charts
from evenhand.desk.web.pages.rules import words

DAY_HOURS, WEEK_DAYS = 24, 7
STRETCH = 6
"""Hours of one bar of the small chart."""
SOON = timedelta(days=7)
FEWEST_DECIDED, LOW_AGREEMENT = 5, 0.5
"""Below half of at least five, somebody should look at the rule."""
_FOLDED = ("draft", "retired")


class RuleRow(Struct, frozen=True):
    """One rule. `needs`: why somebody should look, the gravest first; `urgency` orders by it."""

    name: str
    description: str
    stage: words.StageShown
    owner: str
    share: float | None
    asks: list[str]
    day: int
    week: int
    days: list[tuple[str, int]]
    chart: charts.Chart
    agreed: str
    stepped_back: datetime | None
    needs: list[str]
    urgency: int


class Overview(Struct, frozen=True):
    """`active` have somebody's eye: in shadow, canary, live, expired. `given_up` are lives without a rule in force."""

    version: int
    active: list[RuleRow]
    drafts: list[RuleRow]
    retired: list[RuleRow]
    gone: list[str]
    """Rules that are on their way and no longer in the project."""

    @property
    def days(self) -> list[str]:
        """The heads of the table with all figures."""
        return [label for label, _count in self.active[0].days] if self.active else []


class _Known(Struct, frozen=True):
    """What is asked once for all rules."""

    now: datetime
    first: int
    snapshot: Snapshot
    lives: Mapping[str, queries.Life]
    back: Mapping[str, queries.Life]
    series: Mapping[str, Mapping[int, int]]
    capped: Mapping[str, int]
    agreement: Mapping[str, Agreement]


def overview() -> Overview:
    running = queries.current(fresh=True)
    if running.rules is None:
        return Overview(0, [], [], [], [])
    known = _known()
    asked, said = asks(running.rules), descriptions(running.rules)
    names = [one.name for one in defined(running.rules)]
    rows = [
        _row(name, said.get(name, ""), [words.ask(one, known.snapshot) for one in asked.get(name, ())], known)
        for name in names
    ]
    active = [row for row in rows if row.stage.stage not in _FOLDED]
    return Overview(
        version=running.version,
        active=sorted(active, key=lambda row: (row.urgency, -row.week, row.name)),
        drafts=[row for row in rows if row.stage.stage == "draft"],
        retired=[row for row in rows if row.stage.stage == "retired"],
        gone=sorted(name for name, life in known.lives.items() if name not in names and life.stage not in _FOLDED),
    )


def _known() -> _Known:
    now = timezone.now()
    last = to_micros(now) // HOUR
    first = last - WEEK_DAYS * DAY_HOURS + 1
    return _Known(
        now=now,
        first=first,
        snapshot=policies.current(),
        lives=queries.lives(),
        back=queries.step_backs(),
        series=queries.series(since_hour=first, hours=STRETCH),
        capped=queries.capped(since_hour=last - DAY_HOURS + 1),
        agreement=agreement(now - timedelta(days=words.AGREEMENT_DAYS)),
    )


def _row(name: str, description: str, asked: list[str], known: _Known) -> RuleRow:
    life = known.lives.get(name)
    found = known.series.get(name, {})
    counts = [found.get(index, 0) for index in range(WEEK_DAYS * DAY_HOURS // STRETCH)]
    each = DAY_HOURS // STRETCH
    days = [(_day(known.first, index), sum(counts[index * each : (index + 1) * each])) for index in range(WEEK_DAYS)]
    needs = list(_needs(name, life, known))
    shown = words.stage(life.stage, life.expires_at) if life else words.stage("draft")
    return RuleRow(
        name=name,
        description=description,
        stage=shown,
        owner=life.owner if life else "",
        share=life.share if life and shown.stage == "canary" else None,
        asks=asked,
        day=days[-1][1],
        week=sum(counts),
        days=days,
        chart=charts.bars([charts.Point(str(index), {"": count}) for index, count in enumerate(counts)]),
        agreed=words.agreed(known.agreement.get(name)),
        stepped_back=known.back[name].changed_at if name in known.back else None,
        needs=[told for _urgency, told in needs],
        urgency=min((urgency for urgency, _told in needs), default=_calm(shown.stage)),
    )


def _needs(name: str, life: queries.Life | None, known: _Known) -> Iterator[tuple[int, str]]:
    if life is None or life.stage in _FOLDED:
        return
    if life.changed_by == BY_ITSELF:
        yield 0, _("Stepped back to shadow: %(reason)s") % {"reason": life.reason}
    if life.expires_at and life.expires_at <= known.now + SOON:
        over = life.expires_at <= known.now
        told = _("Expired on %(day)s: it does nothing any more.") if over else _("Expires on %(day)s.")
        yield 1, told % {"day": f"{life.expires_at:%Y-%m-%d %H:%M} UTC"}
    if times := known.capped.get(name):
        told = ngettext("Over its cap %(count)s time in 24 h.", "Over its cap %(count)s times in 24 h.", times)
        yield 2, told % {"count": f"{times:,}"}
    judged = known.agreement.get(name)
    if judged and judged.decided >= FEWEST_DECIDED and judged.upheld < LOW_AGREEMENT * judged.decided:
        yield 3, _("People mostly disagreed with it.")


def _calm(stage: str) -> int:
    return {"live": 4, "canary": 5, "shadow": 6}.get(stage, 7)


def _day(first: int, index: int) -> str:
    """The day on which a stretch of 24 hours ends."""
    return f"{from_micros((first + (index + 1) * DAY_HOURS) * HOUR - 1):%Y-%m-%d %H:%M}"
