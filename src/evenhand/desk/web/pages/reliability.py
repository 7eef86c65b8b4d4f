"""How right the order's likelihoods are, for people: a diagram, its table, and what was made of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.enforcement.queries import calibrations
from evenhand.desk.enforcement.queries.calibrations import Fitted
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.figures import share, written
from evenhand.engine.triage.calibration import Bin


class Point(Struct, frozen=True):
    """`x`, `y`, `low`, `high`: places in the diagram, from 0 to 100, downwards."""

    x: str
    y: str
    low: str
    high: str
    said: str
    share: str
    interval: str
    decided: int


class Reliability(Struct, frozen=True):
    name: str
    verdict: str
    brier: str
    ece: str
    measured: str
    fitted_at: datetime
    points: tuple[Point, ...]


def reliability(snapshot: Snapshot) -> tuple[Reliability, ...]:
    """Of each policy that was looked at, in the order of the document."""
    found = calibrations.newest()
    return tuple(_of(policy.name, found[id_]) for id_, policy in snapshot.policies.items() if id_ in found)


def _of(name: str, one: Fitted) -> Reliability:
    verdict = (
        _("The order stands on what decisions say instead: that was nearer to the truth.")
        if one.in_force
        else _("They stand as the model says them: nothing fitted to decisions was nearer to the truth.")
    )
    after = one.after
    return Reliability(
        name=name,
        verdict=verdict,
        brier=_both(one.before.brier, after.brier if after else None),
        ece=_both(one.before.ece, after.ece if after else None),
        measured=_("%(count)s decisions, the newest, kept apart from the fit") % {"count": one.before.decided},
        fitted_at=one.fitted_at,
        points=tuple(map(_point, one.before.bins)),
    )


def _both(before: float, after: float | None) -> str:
    said = written(before, ".3f")
    if after is None:
        return said
    return _("%(before)s as the model says it, %(after)s as decisions put it right") % {
        "before": said,
        "after": written(after, ".3f"),
    }


def _point(one: Bin) -> Point:
    return Point(
        x=f"{100 * one.said:.1f}",
        y=f"{100 * (1 - one.share):.1f}",
        low=f"{100 * (1 - one.low):.1f}",
        high=f"{100 * (1 - one.high):.1f}",
        said=share(one.said),
        share=share(one.share),
        interval=_("%(low)s to %(high)s") % {"low": share(one.low), "high": share(one.high)},
        decided=one.decided,
    )
