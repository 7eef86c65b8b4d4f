"""The orders that others document, each in a few lines of our own; none of their code.

An order gives each item a height; the highest that waits comes first.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.triage.desk import Desk, Floats
from bench.triage.trace import MINUTE, Trace

Order = Callable[[Desk, int], Floats]
_HALF_LIFE = 80 * MINUTE


def oldest_first(desk: Desk, _now: int) -> Floats:
    """Coop, Implio, Lemmy: as they came."""
    return -desk.opened_at.astype(np.float64)


def newest_first(desk: Desk, _now: int) -> Floats:
    """Ozone (latest report first), Pixelfed."""
    return desk.reported_at.astype(np.float64)


def report_count(desk: Desk, _now: int) -> Floats:
    return desk.reports + desk.reported_at / 1e18


def severity(desk: Desk, _now: int) -> Floats:
    """By what it is reported for; of equals the oldest."""
    return desk.severity - desk.opened_at / 1e18


def severity_confidence(desk: Desk, _now: int) -> Floats:
    """Altitude: severity times the classifier's confidence."""
    return desk.severity * desk.score


def cost_of_delay(desk: Desk, now: int) -> Floats:
    """Meta's virality, severity and likelihood: views an hour now, from views so far and the published half-life."""
    seen = 1 - 2.0 ** (-np.maximum(desk.reported_at - desk.created_at, MINUTE) / _HALF_LIFE)
    rate = desk.views / seen * 2.0 ** (-np.maximum(0, now - desk.created_at) / _HALF_LIFE)
    return desk.score * desk.severities[desk.score_reason] * rate


def oracle(trace: Trace) -> Order:
    """Knows what is true: whether it violates, all views to come, its own half-life, the seconds it takes."""
    harm = [one.violating * trace.world.severity[one.reason] * one.views / one.seconds for one in trace.truth]
    total, half_life = np.array(harm), np.array([one.half_life for one in trace.truth], dtype=np.float64)
    return lambda desk, now: total * 2.0 ** (-np.maximum(0, now - desk.created_at) / half_life)
