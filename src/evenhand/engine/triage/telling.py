"""Says why a case stands where it stands: each figure of the model with its source, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.belief import AUTHOR_PRIOR, Belief, author_chance
from evenhand.engine.triage.facts import CaseFacts
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED, Lane
from evenhand.engine.triage.model import MINUTE
from evenhand.engine.triage.reach import Reach

_MOST_SIGNALS = 3
_HOUR, _DAY = 60, 1_440
"""In minutes."""
Unit = Literal["min", "h", "days"]
UNLESS = "would be critical if one with a good record said so"


class Term(Struct, frozen=True):
    """One figure. `name` and `unit` are fixed words, for machines and translators; `sentence` is for people."""

    name: str
    value: float
    unit: str
    source: str
    sentence: str
    figures: Mapping[str, float] = {}
    """What the sentence tells beside `value`, for translators."""


class Standing(Struct, frozen=True, kw_only=True):
    """What the rank of a case was computed from."""

    belief: Belief
    """Of the policy that the case proposes."""
    probability: float
    """As decisions say."""
    calibrated_on: int = 0
    """How many; 0: it is what the model itself says."""
    policy_name: str
    weight: float
    reach: Reach
    half_life: Micros
    fitted_on: int = 0
    """Items of the platform that the half-life was fitted to; 0: none."""
    seconds: float
    lane: Lane
    why_lane: str
    """Why it stands before the normal lane; "" when it does not."""
    flagged: bool
    """It stands there because it was reported as child abuse, whatever its policy."""


def terms(case: CaseFacts, standing: Standing, now: Micros) -> Iterator[Term]:
    """First those that the rank is made of, then those that the probability is made of."""
    belief, minutes = standing.belief, standing.half_life / MINUTE
    left = standing.reach.views * 2.0 ** (-(now - standing.reach.at) / standing.half_life)
    if standing.lane != NORMAL:
        source = "policy" if standing.lane == CRITICAL else "decided reports of the reporters"
        yield Term("lane", standing.lane, "lane", source, standing.why_lane, {"flagged": float(standing.flagged)})
    yield Term(
        "probability", standing.probability, "share", _probability_source(standing),
        f"{standing.probability:.0%} likely to break “{standing.policy_name}”.",
        {"uncalibrated": belief.probability, "decisions": standing.calibrated_on},
    )  # fmt: skip
    yield Term("harm", standing.weight, "per view", "policy", f"One view weighs {standing.weight:g}.")
    yield Term(
        "reach", standing.reach.views, "views", standing.reach.source,
        f"About {left:.0f} views were still to come when this was computed.", {"left": left},
    )  # fmt: skip
    yield Term("reach_at", standing.reach.at, "microseconds", "item and reports", "The moment of the figure above it.")
    yield Term(
        "half_life", minutes, "minutes", _half_life_source(standing),
        f"Half of the views to come are gathered within {_span(minutes)}.", {"items": standing.fitted_on},
    )  # fmt: skip
    seconds = standing.seconds
    yield Term("handling", seconds, "seconds", "kind, length and media", f"Takes about {seconds:.0f} s to decide.")
    yield from _evidence(case, belief)


def _probability_source(standing: Standing) -> str:
    if standing.calibrated_on:
        return f"calibrated on {standing.calibrated_on} decisions"
    return "signals, reports and author"


def _half_life_source(standing: Standing) -> str:
    if standing.lane != NORMAL:
        return "assumed"
    return f"fitted on {standing.fitted_on} items" if standing.fitted_on else "Pfeffer et al. 2023"


def _evidence(case: CaseFacts, belief: Belief) -> Iterator[Term]:
    for chance, signal in belief.signals[:_MOST_SIGNALS]:
        yield Term("signal", chance, "share", f"{signal.detector} {signal.version}", f"{signal.summary}.")
    if belief.reporters:
        counted = {"reporters": belief.reporters, "proven": belief.proven, "voices": belief.voices}
        source = "decided reports of the reporters"
        yield Term("reports", belief.by_reports, "share", source, _of_reports(belief), counted)
    chance = author_chance(case.author_upheld, case.author_dismissed)
    decided = case.author_upheld + case.author_dismissed
    known = f"{case.author_upheld} of {decided} decided cases led to an action" if decided else "no decided case"
    source = "decided cases of the author" if decided else f"assumed prior {AUTHOR_PRIOR:.0%}"
    counted = {"upheld": case.author_upheld, "decided": decided}
    yield Term("author", chance, "share", source, f"Author: {known}.", counted)


def _of_reports(belief: Belief) -> str:
    """The arithmetic: who counts by themselves, and what all others count as."""
    rest = belief.reporters - belief.proven
    proven = f"{belief.proven} with a good record" if belief.proven else ""
    lacking = "without one" if belief.proven else "without a good record"
    crowd = f"{rest} {lacking}, who count as {belief.voices:.1f}" if rest else ""
    who = " and ".join(part for part in (proven, crowd) if part)
    return f"{people(belief.reporters)}: {who}; {belief.by_reports:.0%} likely by this alone."


def span(minutes: float) -> tuple[float, Unit]:
    """In the unit that people think of it in."""
    if minutes and not minutes % _DAY:
        return minutes / _DAY, "days"
    return (minutes / _HOUR, "h") if minutes >= 2 * _HOUR else (minutes, "min")


def _span(minutes: float) -> str:
    count, unit = span(minutes)
    return "1 day" if (count, unit) == (1, "days") else f"{count:.3g} {unit}"


def people(reporters: int) -> str:
    return "1 reporter" if reporters == 1 else f"{reporters} reporters"


def headline(standing: Standing) -> str:
    """What the row of the queue says."""
    belief = standing.belief
    causes = [people(belief.reporters)] if belief.reporters else []
    causes += [signal.summary for _, signal in belief.signals[:1]]
    causes += [UNLESS] if standing.lane == UNCONFIRMED else []
    return f"{standing.policy_name}, {standing.probability:.0%}: {'; '.join(causes) or 'nothing speaks for it'}"
