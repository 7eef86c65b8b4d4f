"""The page of licences to hold: what each policy may hold, what that stands on, and what came of it."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.enforcement.queries import held, licences
from evenhand.desk.enforcement.queries.held import Numbers
from evenhand.desk.enforcement.queries.holds import Hold
from evenhand.desk.enforcement.queries.licences import HoldStop, LicenceChange, Row
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.figures import share, span, written
from evenhand.desk.web.pages.reliability import Reliability, reliability
from evenhand.engine.triage.holds import Budget

_REASON = re.compile(
    r"held: ([\d.]+) ≥ ([\d.]+); (\d+) of (\d+) audited of this policy were wrong to hold"
    r" \(at most ([\d.]+)%, limit ([\d.]+)%\)"
)
"""As `engine.triage.holds.reason` writes it."""


class Change(Struct, frozen=True):
    at: datetime
    what: str
    figures: str
    entry: int


class Card(Struct, frozen=True, kw_only=True):
    """One policy, in words."""

    name: str
    headline: str
    granted: bool
    audited: str
    bound: str
    once: str
    waiting: int
    limit: str
    budget: str
    hours: str
    open: int
    computed_at: datetime | None
    outcomes: str
    """Of those held."""
    lasted: str
    lost: str
    history: tuple[Change, ...]


class Page(Struct, frozen=True):
    cards: tuple[Card, ...]
    together: str
    """What all policies share of a budget, used; "" where each has its own alone."""
    stop: HoldStop | None
    reliability: tuple[Reliability, ...]


def page() -> Page:
    numbers = held.numbers()
    rows = licences.rows()
    cards = tuple(_card(row, numbers.get(row.policy.id)) for row in rows)
    snapshot = policies.current()
    together = licences.together(snapshot.platform)
    return Page(cards, _used(together) if together else "", licences.stopped(), reliability(snapshot))


def _card(row: Row, numbers: Numbers | None) -> Card:
    found = row.licence
    score = found.score if found else None
    return Card(
        name=row.policy.name,
        headline=_headline(score),
        granted=score is not None,
        audited=_audited(row),
        bound=share(found.bound) if found else "–",
        once=share(found.once) if found else "–",
        waiting=found.waiting if found else 0,
        limit=share(row.policy.hold_limit),
        budget=_used(row.budget),
        hours=span(row.policy.hold_hours * 3600),
        open=row.open_holds,
        computed_at=row.computed_at,
        outcomes=_outcomes(numbers),
        lasted=span(numbers.minutes * 60) if numbers and numbers.minutes is not None else "–",
        lost=_lost(numbers),
        history=tuple(_change(one) for one in row.history),
    )


def _used(budget: Budget) -> str:
    return _("%(held)s of %(whole)s (%(share)s of %(items)s items in 24 h)") % {
        "held": budget.held,
        "whole": budget.whole,
        "share": share(budget.share),
        "items": written(budget.items, ","),
    }


def _headline(score: float | None) -> str:
    if score is None:
        return _("No licence: nothing is held")
    return _("Holds what scores %(score)s or more") % {"score": written(score, ".2f")}


def _audited(row: Row) -> str:
    if row.licence is None or not row.licence.audited:
        return _("none yet")
    return _("%(wrong)s of %(audited)s, at scores from %(score)s") % {
        "wrong": row.licence.wrong,
        "audited": row.licence.audited,
        "score": written(row.licence.nearest, ".2f"),
    }


def _outcomes(numbers: Numbers | None) -> str:
    if numbers is None:
        return _("none in the last %(days)s days") % {"days": held.DAYS}
    told = _("%(placed)s in the last %(days)s days: %(upheld)s upheld, %(wrong)s wrong, %(rest)s without a decision")
    said = told % {
        "placed": numbers.placed,
        "days": numbers.days,
        "upheld": numbers.upheld,
        "wrong": numbers.wrong,
        "rest": numbers.placed - numbers.decided,
    }
    if not numbers.decided:
        return said
    return f"{said}; " + _("%(share)s wrong of those decided (90 %% interval %(low)s to %(high)s)") % {
        "share": share(numbers.wrong / numbers.decided),
        "low": share(numbers.low),
        "high": share(numbers.high),
    }


def _lost(numbers: Numbers | None) -> str:
    if numbers is None or not numbers.wrong:
        return _("no views")
    return _("about %(views)s in %(days)s days, by the reach that the order expected") % {
        "views": written(round(numbers.lost_views), ","),
        "days": numbers.days,
    }


def _change(one: LicenceChange) -> Change:
    if one.score is None:
        what = _("licence withdrawn")
    elif one.before is None:
        what = _("granted from %(score)s on") % {"score": written(one.score, ".2f")}
    else:
        what = _("from %(before)s to %(score)s") % {
            "before": written(one.before, ".2f"),
            "score": written(one.score, ".2f"),
        }
    figures = _("%(wrong)s of %(audited)s wrong, at most %(bound)s (limit %(limit)s)") % {
        "wrong": one.wrong,
        "audited": one.audited,
        "bound": share(one.bound),
        "limit": share(one.limit),
    }
    return Change(one.at, what, figures, one.entry)


def held_by_licence(hold: Hold) -> str:
    """Why a licence holds it, in the language of who reads it."""
    found = _REASON.fullmatch(hold.reason)
    if found is None:
        return hold.reason
    score, least, bound, limit = (float(found[place]) for place in (1, 2, 5, 6))
    told = _(
        "%(score)s ≥ %(least)s; %(wrong)s of %(audited)s audited holds of this policy were wrong (at most %(bound)s,"
        " limit %(limit)s); expires %(until)s UTC"
    )
    return told % {
        "score": written(score, ".2f"),
        "least": written(least, ".2f"),
        "wrong": found[3],
        "audited": found[4],
        "bound": share(bound / 100),
        "limit": share(limit / 100),
        "until": f"{hold.until:%H:%M}",
    }
