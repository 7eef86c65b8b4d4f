"""How likely the subject breaks each policy: independent evidence combined by a noisy-or (Pearl 1988).

What speaks for a policy: each detector's strongest signal; each reporter with a good record; the crowd of all other
reporters, by the burst; and the author's history, as a small chance that is there before anything is said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from evenhand.engine.model import Signal
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.reliability import MOST_VOICES, PRIOR, burst_of, record, voice

POOR = 0.15
"""Reporters with a lower accuracy count as one voice together, and only where nobody better has reported."""
CROWD_AT_MOST = 0.5
"""What one voice of the crowd can make likely."""
AUTHOR_PRIOR = 0.02
"""Share of items that break a policy, before anything is known of the author. ASSUMED."""
AUTHOR_WEIGHT = 20.0
"""How many decided cases that prior counts as. ASSUMED."""
AUTHOR_AT_MOST = 0.5
"""History alone does not make it more likely than this."""

PolicyId = str | None


class Belief(Struct, frozen=True):
    """The probability of one policy, and what speaks for it."""

    policy: PolicyId
    probability: float
    signals: tuple[tuple[float, Signal], ...] = ()
    """The strongest of each detector first, with what it makes likely by itself."""
    reporters: int = 0
    """Different ones."""
    proven: int = 0
    """Those with a record that is surely better than the prior."""
    voices: float = 0.0
    """Independent reporters that all others count as."""
    by_reports: float = 0.0
    """What the reports make likely by themselves."""
    evidence: float = 0.0
    """What signals and reports make likely together, whoever the author is."""

    @property
    def vouched(self) -> bool:
        """More than reporters without a good record speak for it: one who has one, or a signal that makes it likelier
        than it was before anything was said."""
        return self.proven > 0 or any(chance > AUTHOR_PRIOR for chance, _ in self.signals)


def author_chance(upheld: int, dismissed: int) -> float:
    """Posterior mean of a Beta prior, capped."""
    total = upheld + dismissed + AUTHOR_WEIGHT
    return min(AUTHOR_AT_MOST, (upheld + AUTHOR_PRIOR * AUTHOR_WEIGHT) / total)


def beliefs(case: CaseFacts, child_safety: PolicyId, known: Collection[str]) -> list[Belief]:
    """One for each policy that something speaks for; for no policy (None) when nothing does.

    A report with its csam flag set speaks for `child_safety`, too. Policies that are not `known` are no policy.
    """
    signals = _signals(case.signals, known)
    reports = _reports(case.reports, child_safety, known)
    miss = 1 - author_chance(case.author_upheld, case.author_dismissed)
    named = dict.fromkeys([*signals, *reports]) or {None: None}
    return [_believe(policy, miss, signals.get(policy, {}), reports.get(policy, {})) for policy in named]


def _believe(
    policy: PolicyId, miss: float, signals: Mapping[str, tuple[float, Signal]], reports: Mapping[str, ReportFact]
) -> Belief:
    """`miss`: how likely it is that an item of this author breaks no policy, before anything is said."""
    missed, proven, voices = _testimony(reports.values())
    unsaid = missed * math.prod(1 - chance for chance, _ in signals.values())
    return Belief(
        policy=policy,
        probability=1 - miss * unsaid,
        signals=tuple(sorted(signals.values(), key=_strength)),
        reporters=len(reports),
        proven=proven,
        voices=voices,
        by_reports=1 - missed,
        evidence=1 - unsaid,
    )


def _strength(found: tuple[float, Signal]) -> tuple[float, str]:
    return -found[0], found[1].detector


def _signals(signals: Iterable[Signal], known: Collection[str]) -> dict[PolicyId, dict[str, tuple[float, Signal]]]:
    """For each policy, what each detector makes likely at most: the same words found twice are found once."""
    found: dict[PolicyId, dict[str, tuple[float, Signal]]] = {}
    for signal in signals:
        for policy, chance in _said(signal).items():
            if not 0 < chance <= 1:
                continue
            of_policy = found.setdefault(policy if policy in known else None, {})
            if chance > of_policy.get(signal.detector, (0.0,))[0]:
                of_policy[signal.detector] = (chance, signal)
    return found


def _said(signal: Signal) -> Mapping[str, float]:
    """The policies that a signal speaks for: those in its evidence, else the leading one."""
    said: Mapping[str, float] = signal.evidence.get("policies") or {signal.policy or "": signal.probability}
    return said


def _reports(
    reports: Iterable[ReportFact], child_safety: PolicyId, known: Collection[str]
) -> dict[PolicyId, dict[str, ReportFact]]:
    """For each policy, the first report of each reporter."""
    found: dict[PolicyId, dict[str, ReportFact]] = {}
    for report in reports:
        named = report.policy if report.policy in known else None
        policies = {named, child_safety} - {None} if report.csam and child_safety else {named}
        for policy in policies:
            of_policy = found.setdefault(policy, {})
            before = of_policy.get(report.reporter)
            if before is None or report.received_at < before.received_at:
                of_policy[report.reporter] = report
    return found


def _testimony(reports: Iterable[ReportFact]) -> tuple[float, int, float]:
    """How likely all reporters are wrong, how many of them are proven, and how many voices the others count as."""
    miss = 1.0
    proven = 0
    poor = 0.0
    bursts: dict[int, list[float]] = {}
    for report in reports:
        known = record(report)
        if known.low >= PRIOR:
            proven += 1
            miss *= 1 - known.mean
        elif known.mean < POOR:
            poor = max(poor, known.mean)
        else:
            bursts.setdefault(burst_of(report.received_at), []).append(min(CROWD_AT_MOST, known.mean))
    crowd, voices = _crowd(bursts.values())
    if poor and not voices:
        return miss * (1 - poor), proven, 1.0
    return miss * crowd, proven, voices


def _crowd(bursts: Iterable[Sequence[float]]) -> tuple[float, float]:
    """How likely the crowd is wrong, and its voices. A burst is as accurate as its best; the best go first."""
    miss = 1.0
    left = MOST_VOICES
    for best, size in sorted(((max(burst), len(burst)) for burst in bursts), reverse=True):
        weight = min(left, voice(size))
        miss *= (1 - best) ** weight
        left -= weight
    return miss, MOST_VOICES - left
