"""The figures that the order of cases stands on, each with its source, and how reach and handling follow from them."""

from __future__ import annotations

import math

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.facts import CaseFacts

MINUTE: Micros = 60 * 1_000_000
HOUR: Micros = 60 * MINUTE
_MOST_READING = 60.0
_READ_A_SECOND = 25.0
_MOST_MEDIA = 4


class Model(Struct, frozen=True, kw_only=True):
    """Half-lives are common to all cases of a lane: that is what keeps stored ranks in order as time passes."""

    half_life: Micros = 80 * MINUTE
    """In which a post gathers half of the views still to come. Pfeffer et al., ICWSM 2023: the median of tweets."""
    critical_half_life: Micros = 24 * HOUR
    """The same for the lanes before the normal one. ASSUMED: a threat does not fade with its audience."""
    reach: float = 100.0
    """Views that a post gets in all, before anything is known of it. ASSUMED."""
    reach_by_report: float = 33.0
    """Views still to come when somebody reports. 3 % of a large platform's users reported in a year (2025), taken as
    the share of viewers who report: one report stands for 33 views."""
    floor: float = 0.2
    """How likely signals and reports must make a policy of the critical lane before it moves the case. ASSUMED: one
    report by somebody unknown is enough (0.3), the poorest reporters together are not (0.15)."""
    text_seconds: float = 45.0
    """To handle a short text. The mean over all items is 86 to 100 s: 200 items a day and person. Parts ASSUMED."""
    account_seconds: float = 120.0
    """To handle an account or a thread. ASSUMED."""
    media_seconds: float = 30.0
    """More for each of the first four pictures, videos or recordings. ASSUMED."""


class Reach(Struct, frozen=True):
    """`views` still to come at `at`; half of them within each half-life."""

    views: float
    at: Micros
    source: str

    def height(self, half_life: Micros) -> float:
        """log2 of the views, moved to time 0: the same for all times, as all reach decays alike."""
        return math.log2(self.views) + self.at / half_life


def reach(case: CaseFacts, model: Model, half_life: Micros, now: Micros, reported_at: Micros | None) -> Reach:
    """The higher of what its age and views promise, and of what the latest credible report shows: it is still seen."""
    promised = _promised(case, model, half_life, now)
    if reported_at is None:
        return promised
    shown = Reach(model.reach_by_report, min(reported_at, now), "latest report")
    return max(promised, shown, key=lambda one: one.height(half_life))


def _promised(case: CaseFacts, model: Model, half_life: Micros, now: Micros) -> Reach:
    """Posterior mean of the views in all, Gamma-Poisson with one view's weight on the prior, from the time it was made.

    Where the age is not known, or tells nothing (accounts, threads), as many views as so far are still to come.
    """
    source = "assumed" if case.views is None else "views so far"
    if case.kind != "content" or case.created_at is None:
        return Reach(max(model.reach, float(case.views or 0)), max(0, min(case.seen_at, now)), source)
    made = max(0, min(case.created_at, now))
    if case.views is None:
        return Reach(model.reach, made, source)
    gathered = 1 - 2.0 ** (-(now - made) / half_life)
    return Reach((1 + max(0, case.views)) / (1 / model.reach + gathered), made, source)


def handling(case: CaseFacts, model: Model) -> float:
    """Seconds that a person needs to decide it."""
    base = model.text_seconds if case.kind == "content" else model.account_seconds
    reading = min(_MOST_READING, case.text_length / _READ_A_SECOND)
    return base + reading + model.media_seconds * min(_MOST_MEDIA, max(0, case.media))
