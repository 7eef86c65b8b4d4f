"""What comes in, by the hour of the week, and what the desk's hours lose of it: with what would lose less."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from evenhand.desk.cases.queries import shares, urgent
from evenhand.desk.duty import clock
from evenhand.desk.duty.queries import rosters
from evenhand.desk.enforcement.queries import judged
from evenhand.desk.intake.queries import views
from evenhand.desk.web import charts, figures
from evenhand.desk.web.charts import Chart, Point
from evenhand.engine.triage import exposure
from evenhand.engine.triage.alternatives import Alternatives, alternatives
from evenhand.engine.triage.forecast import Backtest, Forecast, backtest, forecast
from evenhand.engine.triage.model import HOUR
from evenhand.engine.triage.staffing import HANDLED, expiring

WEEKS = 8
TARGET = 0.10
BUDGETS = (0.01, 0.02, 0.05, 0.10)
AWAKE = (7, 23)
HIGH = 0.95
KEPT_SECONDS = 300
FEWEST = 200
"""Timed decisions from which on the desk's own pace counts: its mean is then right to about a tenth. ASSUMED."""
DAY = 24
"""Hours. A desk that began within the first day of a week counts from that week on, else from the next."""
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 (any Monday, for the names of days)


class Outlook(Struct, frozen=True, kw_only=True):
    weeks: int
    """Whole weeks that it stands on; with fewer than two there is no forecast."""
    cases: int
    """In those weeks."""
    forecast: Forecast | None = None
    chart: Chart | None = None
    tested: Backtest | None = None
    ways: Alternatives | None = None
    caught: int = 0
    """Cases on which the share of holds stands."""
    sentence: str = ""
    handled: float = HANDLED
    """Cases that one person decides in an hour of work."""
    timed: int = 0
    """Decisions of this desk on which that stands; 0: it is assumed, as there are fewer than FEWEST."""
    half_life: int = 0
    """Minutes."""
    fitted_on: int = 0
    """Items of this platform on whose views that stands; 0: it is the published one."""
    zone: str = "UTC"

    @property
    def coverage(self) -> float:
        return self.tested.coverage(HIGH) if self.tested else 0.0


def outlook(zone: str) -> Outlook:
    """For the desk as a whole, on the clock of a place. At most 5 minutes old."""
    key = f"duty:outlook:{zone}:{timezone.get_current_timezone_name()}:{date_format(_MONDAY, 'D')}"
    found: Outlook | None = cache.get(key)
    if found is None:
        found = _outlook(zone)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _outlook(zone: str) -> Outlook:
    until = clock.monday(timezone.now(), zone)
    counts = urgent.by_hour(until - timedelta(days=7 * WEEKS), until)
    first = next((hour for hour, count in enumerate(counts) if count), len(counts))
    counts = counts[-(-max(0, first - DAY) // (7 * DAY)) * 7 * DAY :]
    weeks = len(counts) // (7 * DAY)
    if weeks < 2:  # noqa: PLR2004 (the fewest that can be compared)
        return Outlook(weeks=weeks, cases=sum(counts), zone=zone)
    model = exposure.model(views.half_life())
    handled, timed = _handled()
    made = forecast(counts)
    caught = shares.caught(until - timedelta(days=7 * weeks), BUDGETS, model)
    ways = alternatives(
        made.means,
        rosters.week(zone, timezone.now()),
        most_lost=TARGET,
        over=expiring(model.half_life / HOUR),
        caught=caught.shares,
        handled=handled,
        awake=AWAKE,
    )
    return Outlook(
        weeks=weeks,
        cases=sum(counts),
        forecast=made,
        chart=_chart(made),
        tested=backtest(counts),
        ways=ways,
        caught=caught.cases,
        sentence=sentence(ways),
        handled=handled,
        timed=timed,
        half_life=round(60 * model.half_life / HOUR),
        fitted_on=model.fitted_on,
        zone=zone,
    )


def _handled() -> tuple[float, int]:
    """In an hour, and the decisions on which it stands."""
    measured = judged.pace()
    if not measured.seconds or measured.decisions < FEWEST:
        return HANDLED, 0
    return 3600 / max(1.0, measured.seconds), measured.decisions


def _chart(made: Forecast) -> Chart:
    points = [
        Point(
            f"{date_format(_MONDAY + timedelta(hours=hour), 'D H')}",
            {
                "mean": round(made.means[hour], 2),
                "burst": round(max(0.0, made.quantile(hour, HIGH) - made.means[hour]), 2),
            },
        )
        for hour in range(7 * DAY)
    ]
    return charts.bars(
        points, series=("mean", "burst"), names={"mean": _("expected"), "burst": _("19 of 20 hours stay under")}
    )


def sentence(ways: Alternatives) -> str:
    """The ways that are enough, in one sentence; where none is, that."""
    target = figures.written(ways.target, ".0%")
    if ways.lost < ways.target:
        return _("These hours lose %(lost)s of the cases: less than %(target)s.") % {
            "lost": figures.written(ways.lost, ".0%"),
            "target": target,
        }
    enough = [told for told, reached in _told(ways) if reached]
    if not enough:
        return _("No single way loses less than %(target)s: see how far each of them comes.") % {"target": target}
    return _("To lose less than %(target)s you need %(ways)s.") % {
        "target": target,
        "ways": _(", or ").join(enough),
    }


def _told(ways: Alternatives) -> list[tuple[str, bool]]:
    people = _("%(count)s times as many people in the same hours") % {"count": ways.people}
    hold = _("holds on %(share)s of what comes in") % {"share": figures.written(ways.hold or 0, ".0%")}
    sat = ways.sittings
    moved = (
        _("the same hours in %(count)s sittings a day, about %(minutes)s minutes each, the first at %(first)s")
        % {"count": sat.count, "minutes": sat.minutes, "first": f"{sat.first // 60:02}:{sat.first % 60:02}"}
        if sat
        else ""
    )
    around = ngettext(
        "%(count)s person at any hour of the week", "%(count)s people at any hour of the week", ways.around or 0
    )
    return [
        (people, ways.people_reach),
        (hold, ways.hold_reach),
        (moved, ways.sittings_reach),
        (around % {"count": ways.around}, ways.around is not None and ways.around_lost < ways.target),
    ]


def rows(ways: Alternatives) -> list[tuple[str, float, bool]]:
    """Each way with what it would lose, whether or not that is enough."""
    losing = [ways.people_lost, ways.hold_lost, ways.sittings.lost if ways.sittings else 1.0, ways.around_lost]
    known = [bool(ways.people > 1), ways.hold is not None, ways.sittings is not None, ways.around is not None]
    return [
        (told, lost, reached) for (told, reached), lost, there in zip(_told(ways), losing, known, strict=True) if there
    ]
