"""A question to the stored items: how many match over time, which values are frequent, and the newest matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import hidden_among, sight
from evenhand.desk.fields import from_micros, to_micros
from evenhand.desk.intake.queries import items, matching
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries
from evenhand.desk.rules.naming import is_local
from evenhand.desk.rules.naming import names as named
from evenhand.desk.signals import queries as signals
from evenhand.desk.web import charts
from evenhand.desk.web.pages.rules.words import value
from evenhand.desk.web.pages.search import ItemHit, hits
from evenhand.engine.rules import Problem, RuleError, jsonpath
from evenhand.engine.rules.jsonpath import MISSING, NotAPath

PERIODS: Final = {1: 1, 7: 6, 30: 24, 90: 72, 365: 24 * 7}
"""Days that are looked at, and hours of each bar."""
USUAL_DAYS = 7
NEWEST = 20
TOP = 15
LONGEST_PATH = 200


class Question(Struct, frozen=True):
    """`sent`: somebody pressed the button, perhaps with nothing written."""

    expression: str = ""
    item_type: str = ""
    days: int = USUAL_DAYS
    path: str = ""
    sent: bool = False


class Top(Struct, frozen=True):
    value: str
    count: int


class Answer(Struct, frozen=True):
    """`problems`: why it cannot be asked; `instead`: what can be asked in its place. `warnings`: what makes it slow."""

    problems: list[Problem] = []
    instead: Question | None = None
    warnings: list[Problem] = []
    looked: matching.Looked | None = None
    matches: int = 0
    hidden: bool = False
    """Some matches are not for this person, and are not counted."""
    chart: charts.Chart | None = None
    top: list[Top] = []
    values: int = 0
    """Different ones at the path, among the matches."""
    newest: list[ItemHit] = []


def question(form: Mapping[str, str]) -> Question:
    days = form.get("days", "")
    return Question(
        expression=form.get("q", "").replace("\r\n", "\n").strip(),
        item_type=form.get("type", ""),
        days=int(days) if days.isdecimal() and int(days[:4]) in PERIODS else USUAL_DAYS,
        path=form.get("path", "").strip()[:LONGEST_PATH],
        sent="q" in form,
    )


def answer(asked: Question, user: User) -> Answer:
    if not asked.expression:
        return Answer(instead=example() if asked.sent else None)
    running = queries.current()
    lists = running.rules.lists if running.rules else {}
    names = project_names()
    try:
        query = matching.query(asked.expression, names=names, lists=lists)
        _check_path(asked.path)
    except RuleError as error:
        meant = matching.for_words(asked.expression, names=names)
        return Answer(problems=list(error.problems), instead=replace(asked, expression=meant) if meant else None)
    now = timezone.now()
    since = now - timedelta(days=asked.days)
    looked = matching.Looked()
    found = list(
        matching.matching(
            query,
            looked,
            since=to_micros(since),
            until=to_micros(now) + 1,
            item_type=asked.item_type,
            results=signals.brought,
        )
    )
    mine = sight(user)
    hidden = hidden_among([one.item.ref for one in found], mine)
    shown = [one for one in found if one.item.ref not in hidden]
    counted = Counter(_values(shown, asked.path)) if asked.path else Counter[str]()
    known = items.numbered([one.number for one in shown[:NEWEST]])
    return Answer(
        warnings=list(query.unknown),
        looked=looked,
        matches=len(shown),
        hidden=bool(hidden),
        chart=_chart(shown, since, asked.days),
        top=[Top(told, count) for told, count in counted.most_common(TOP)],
        values=len(counted),
        newest=hits(known, mine, policies.current())[0],
    )


def example() -> Question | None:
    """A question that has an answer on this desk; None while there is nothing to ask."""
    newest = matching.newest()
    if newest is None:
        return None
    type_, came = newest
    age = timezone.now() - from_micros(came)
    days = next((days for days in PERIODS if days >= USUAL_DAYS and timedelta(days) > age), max(PERIODS))
    return Question(f"ActionName == {type_!r}", days=days)


def project_names() -> dict[str, str]:
    """What the rules in force call things; none without rules."""
    running = queries.current()
    stored = queries.stored(running.version) if running.rules else None
    return named(running.rules, stored.content.sources) if running.rules and stored else {}


def offered() -> list[tuple[str, str]]:
    """Names that a query can say, with what they are."""
    known = {**matching.NAMES, **project_names()}
    return sorted((name, told.removeprefix("= ")) for name, told in known.items() if not is_local(name))


def _check_path(path: str) -> None:
    """Raises RuleError."""
    if not path:
        return
    try:
        jsonpath.parse(path)
    except NotAPath as error:
        raise RuleError([Problem(_("path"), 1, error.at + 1, str(error), error.hint, source=path)]) from None


def _values(found: list[matching.Match], path: str) -> list[str]:
    read: list[Any] = [jsonpath.first(path, one.data) for one in found]
    return [value(one) for one in read if one is not MISSING and one is not None]


def _chart(found: list[matching.Match], since: datetime, days: int) -> charts.Chart:
    hours = PERIODS[days]
    step = hours * 3_600_000_000
    start = to_micros(since)
    counts = Counter((one.at - start) // step for one in found)
    number = -(-days * 24 // hours)
    points = [
        charts.Point(f"{from_micros(start + index * step):%Y-%m-%d %H:%M}", {"": counts.get(index, 0)})
        for index in range(number)
    ]
    return charts.bars(points, until=f"{from_micros(start) + timedelta(days=days):%Y-%m-%d %H:%M}")
