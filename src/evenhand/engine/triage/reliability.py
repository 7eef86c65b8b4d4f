"""How much a reporter's word weighs: accuracy from decided reports, shrunk while there are few, and report bursts.

Everybody starts from the same prior and is held to their own record; what kind of reporter it is does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.facts import ReportFact

PRIOR = 0.3
"""Share of reports that are right, before anything is known of who reports. ASSUMED: the mean of the violation rates
assumed for the report mix of a large platform in 2024, weighted by that mix (.32)."""
PRIOR_WEIGHT = 4.0
"""How many decided reports the prior counts as. ASSUMED."""
GOOD_ELSEWHERE = 0.5
"""How far a record under other policies that is better than the prior moves it. ASSUMED. Half the way: however good it
is, it makes no good record under this policy before a first report under it was right (0.65 as 4 reports: from 28 %).
One that is worse moves it all the way: who cries wolf is not new under a policy of which they made no use yet."""
BURST: Micros = 10 * 60 * 1_000_000
"""Reports of one subject in the same ten minutes are taken for one voice, unless their reporters have a record."""
MOST_VOICES = 3.0
"""Reporters without a record count as no more than so many, however long they go on. ASSUMED."""
_Z = 1.645
"""Of the standard normal distribution, for two-sided 90 %."""


class Accuracy(Struct, frozen=True):
    """Share of a reporter's decided reports that were right, shrunk, with its 90 % interval."""

    mean: float
    low: float
    high: float
    decided: int


@lru_cache(maxsize=4096)
def accuracy(upheld: float, dismissed: float, prior: float = PRIOR, weight: float = PRIOR_WEIGHT) -> Accuracy:
    """Posterior mean of a Beta prior, and the Wilson score interval (1927) on the counts with the prior's added. What a
    part of those who looked found right is in both counts, by its parts."""
    total = upheld + dismissed + weight
    mean = (upheld + prior * weight) / total
    spread = _Z * math.sqrt(mean * (1 - mean) / total + (_Z / (2 * total)) ** 2)
    middle, scale = mean + _Z**2 / (2 * total), 1 + _Z**2 / total
    return Accuracy(mean, (middle - spread) / scale, (middle + spread) / scale, round(upheld + dismissed))


def record(report: ReportFact) -> Accuracy:
    """Of who made this report, under its policy. What they are worth elsewhere is where it starts from."""
    elsewhere = accuracy(report.upheld_elsewhere, report.dismissed_elsewhere).mean
    pull = GOOD_ELSEWHERE if elsewhere > PRIOR else 1.0
    return accuracy(report.upheld, report.dismissed, prior=PRIOR + pull * (elsewhere - PRIOR))


def burst_of(at: Micros) -> int:
    """Which burst a report at this time is part of. Their borders are fixed: one more report never joins two bursts."""
    return at // BURST


def voice(reporters: int) -> float:
    """How many independent reporters a burst of so many counts as: 1 for one, never more than 1.3. ASSUMED."""
    return min(1.3, 1 + 0.1 * math.log2(reporters)) if reporters > 1 else float(reporters)


def voices(bursts: Iterable[int]) -> float:
    """How many independent reporters bursts of these sizes count as together: at most MOST_VOICES."""
    return min(MOST_VOICES, sum(map(voice, bursts)))
