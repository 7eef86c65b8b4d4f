"""One rule: its source, its life, how often it fires, and what it fired on last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import history
from evenhand.desk.cases.queries.sight import hidden_among, sight
from evenhand.desk.enforcement.queries.agreement import agreement
from evenhand.desk.fields import from_micros, to_micros
from evenhand.desk.intake.queries import events
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries
from evenhand.desk.rules.asks import asks, descriptions, rule_of, statements_of
from evenhand.desk.rules.queries.hits import HOUR
from evenhand.desk.rules.queries.lives import BY_ITSELF
from evenhand.desk.signals import queries as signals
from evenhand.desk.web import charts
from evenhand.desk.web.pages.rules import words
from evenhand.desk.web.pages.rules.said import rule_in, said
from evenhand.engine.detect.rulelife import PREFIX
from evenhand.engine.model import Ref, Signal
from evenhand.runtime import ruletexts

HITS = 20
MOST_CASES = 200
SERIES = ("shadow", "canary", "live")
PERIODS: Final = {"hours": (7, 1), "week": (7, 24), "month": (30, 24)}
"""Days that a chart shows, and hours of each bar."""


class Line(Struct, frozen=True):
    number: int
    text: str


class Excerpt(Struct, frozen=True):
    """A piece of a rule file."""

    file: str
    lines: tuple[Line, ...]

    @property
    def place(self) -> str:
        first, last = self.lines[0].number, self.lines[-1].number
        return f"{self.file}:{first}" if first == last else f"{self.file}:{first}–{last}"


class TestShown(Struct, frozen=True):
    """A test that names the rule. `fires`: it asks the rule to fire, not to keep still."""

    name: str
    place: str
    fires: bool


class Step(Struct, frozen=True):
    """A row of the rule's life. `more`: what else was set with it."""

    at: datetime
    stage: words.StageShown
    by: str
    owner: str
    reason: str
    more: list[str]
    by_itself: bool


class Hit(Struct, frozen=True):
    """A signal of the rule, and the case on its item, if this person may see one."""

    signal: Signal
    told: str
    """What it says, without the name of the rule."""
    at: datetime
    stage: words.StageShown
    case: int | None
    values: list[tuple[str, str]]
    sources: list[tuple[str, str]]
    weakened: str


class Failures(Struct, frozen=True):
    """How often an error left the rule without an answer or an effect in `days` days, of how many events that came;
    `error` is the last one."""

    times: int
    events: int
    more: bool
    """More events came than are counted."""
    days: int
    error: str


class RulePage(Struct, frozen=True):
    name: str
    description: str
    version: int
    known: bool
    """It is in the project in force."""
    excerpts: list[Excerpt]
    tests: list[TestShown]
    asks: list[str]
    life: queries.Life | None
    stage: words.StageShown
    steps: list[Step]
    agreed: str
    period: str
    chart: charts.Chart
    failures: Failures | None
    """None: no error kept it from an answer in this time."""
    hits: list[Hit]
    hidden: int
    """Hits that are not for this person."""
    may_search: bool


def rule_page(name: str, user: User, *, period: str = "week") -> RulePage | None:
    """None: no version in force has such a rule, and it never had a life."""
    running = queries.current(fresh=True)
    lives = queries.life_of(name)
    definition = rule_of(running.rules, name) if running.rules else None
    if definition is None and not lives:
        return None
    life = lives[0] if lives else None
    snapshot = policies.current()
    now = timezone.now()
    may_search = allowed(user, Permission.SEARCH)
    hits, hidden = _hits(name, user) if may_search else ([], 0)
    period = period if period in PERIODS else "week"
    rules = running.rules
    stored = queries.stored(running.version) if definition else None
    return RulePage(
        name=name,
        description=descriptions(rules).get(name, "") if rules else "",
        version=running.version,
        known=definition is not None,
        excerpts=_excerpts(name, running, stored) if definition and stored else [],
        tests=_tests(name, stored) if definition and stored else [],
        asks=[words.ask(one, snapshot) for one in asks(rules).get(name, ())] if rules else [],
        life=life,
        stage=words.stage(life.stage, life.expires_at) if life else words.stage("draft"),
        steps=[_step(one) for one in lives],
        agreed=words.agreed(agreement(now - timedelta(days=words.AGREEMENT_DAYS)).get(name)),
        period=period,
        chart=_chart(name, life, period, now),
        failures=_failures(name, period, now),
        hits=hits,
        hidden=hidden,
        may_search=may_search,
    )


def _excerpts(name: str, running: queries.Running, stored: queries.Stored) -> list[Excerpt]:
    """The rule's definition, and every WhenRules that names it."""
    if running.rules is None:
        return []
    found = []
    for span in statements_of(running.rules, name):
        lines = stored.content.sources.get(span.file, "").splitlines()
        shown = (Line(number, lines[number - 1]) for number in range(span.line, min(span.end_line, len(lines)) + 1))
        found.append(Excerpt(span.file, tuple(shown)))
    return [one for one in found if one.lines]


def _tests(name: str, stored: queries.Stored) -> list[TestShown]:
    """All passed when the version was published: it would not have been."""
    return [
        TestShown(case.name, f"{case.file}:{case.line}", name in (case.then.fired or ()))
        for case in ruletexts.cases(stored.content.tests)
        if name in (case.then.fired or ()) or name in case.then.not_fired
    ]


def _step(life: queries.Life) -> Step:
    more = []
    if life.stage == "canary":
        more.append(_("for %(share)s of authors") % {"share": f"{life.share:.0%}"})
    more.append(_("cap %(cap)s an hour") % {"cap": f"{life.cap_per_hour:,}"})
    if life.low_per_day is not None or life.high_per_day is not None:
        low = "0" if life.low_per_day is None else f"{life.low_per_day:g}"
        high = "∞" if life.high_per_day is None else f"{life.high_per_day:g}"
        more.append(_("band %(low)s to %(high)s in 24 h") % {"low": low, "high": high})
    if life.expires_at is not None:
        more.append(_("until %(day)s") % {"day": f"{life.expires_at:%Y-%m-%d %H:%M} UTC"})
    by_itself = life.changed_by == BY_ITSELF
    who = life.changed_by.partition(":")[2] if life.changed_by.startswith("user:") else life.changed_by
    return Step(life.changed_at, words.stage(life.stage), who, life.owner, life.reason, more, by_itself)


def _chart(name: str, life: queries.Life | None, period: str, now: datetime) -> charts.Chart:
    """By day, days begin so that the last one ends now; the band is one of 24 hours, and drawn where bars are that."""
    days, hours = PERIODS[period]
    last = to_micros(now) // HOUR
    first = last - days * 24 + 1
    counts: dict[int, dict[str, float]] = {}
    for one in queries.hits(name, since_hour=first):
        stretch = counts.setdefault((one.hour - first) // hours, {})
        stretch[one.stage] = stretch.get(one.stage, 0) + one.fired
    points = [charts.Point(_moment(first, index, hours), counts.get(index, {})) for index in range(days * 24 // hours)]
    daily = life is not None and hours == 24  # noqa: PLR2004 (hours of a day)
    low, high = (life.low_per_day, life.high_per_day) if life is not None and daily else (None, None)
    called = {name: words.stage(name).word for name in SERIES}
    until = f"{now:%Y-%m-%d %H:%M}"
    return charts.bars(points, series=SERIES, names=called, low=low, high=high, until=until)


def _failures(name: str, period: str, now: datetime) -> Failures | None:
    days, _hours = PERIODS[period]
    first = to_micros(now) // HOUR - days * 24 + 1
    found = next((one for one in queries.failed(since_hour=first) if one.rule == name), None)
    if found is None:
        return None
    came = events.came(since=first * HOUR)
    return Failures(found.times, min(came, events.MOST), came > events.MOST, days, found.error)


def _moment(first: int, index: int, hours: int) -> str:
    start = from_micros((first + index * hours) * HOUR)
    return f"{start:%Y-%m-%d %H:%M}"


def _hits(name: str, user: User) -> tuple[list[Hit], int]:
    found = signals.newest(f"{PREFIX}{name}", HITS)
    mine = sight(user)
    subjects = list(dict.fromkeys(one.subject for one in found))
    cases = history.cases_on(subjects, limit=MOST_CASES)
    hidden = hidden_among(subjects, mine)
    shown = [one for one in found if one.subject not in hidden and one.policy not in mine.hidden]
    newest: dict[Ref, int] = {}
    for case in cases:
        if mine.sees(case):
            newest.setdefault(Ref(case.item_type, case.item_id), case.pk)
    return [_hit(one, newest.get(one.subject)) for one in shown], len(found) - len(shown)


def _hit(signal: Signal, case: int | None) -> Hit:
    why: dict[str, Any] = signal.evidence.get("why") or {}
    return Hit(
        signal=signal,
        told=said(rule_in(signal.detector), signal.summary),
        at=from_micros(signal.at),
        stage=words.stage(str(signal.evidence.get("stage", "live"))),
        case=case,
        values=[(name, words.value(one)) for name, one in why.get("features", {}).items()],
        sources=[(name, ", ".join(map(str, some))) for name, some in why.get("sources", {}).items() if some],
        weakened=str(signal.evidence.get("weakened", "")),
    )
