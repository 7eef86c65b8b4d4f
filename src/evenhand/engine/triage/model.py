"""The figures that the order of cases stands on, each with its source, and how long a case takes to handle."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.calibration import Curve
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
    fitted_on: int = 0
    """How many of the platform's own items it was fitted to (`exposure`); 0: none, it is the published one."""
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
    curves: Mapping[str, Curve] = {}
    """By policy: from what signals, reports and author make likely to what decisions said of such cases."""


def handling(case: CaseFacts, model: Model) -> float:
    """Seconds that a person needs to decide it."""
    base = model.text_seconds if case.kind == "content" else model.account_seconds
    reading = min(_MOST_READING, case.text_length / _READ_A_SECOND)
    return base + reading + model.media_seconds * min(_MOST_MEDIA, max(0, case.media))
