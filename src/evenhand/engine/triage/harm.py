"""Expected harm: what a case costs for each second of handling while it waits, and why.

This is the one door of the order of cases: `CaseFacts` in, `Harm` out. Whatever model replaces this one keeps both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Literal

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.platform import Policy
from evenhand.engine.triage.belief import POOR, Belief, beliefs
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.model import Model, handling, reach
from evenhand.engine.triage.reliability import accuracy
from evenhand.engine.triage.telling import Standing, Term, headline, terms

__all__ = ["CaseFacts", "Harm", "Model", "PolicyHarm", "ReportFact", "Term", "expected_harm"]

CRITICAL: Literal[0] = 0
NORMAL: Literal[1] = 1
DEFAULT = Model()


class PolicyHarm(Struct, frozen=True):
    """`harm`: probability times the policy's weight, for one view."""

    id: str | None
    probability: float
    harm: float


class Harm(Struct, frozen=True, kw_only=True):
    """Where a case stands, and why. As JSON it is the `why` of the case.

    Lane 0 comes before lane 1. Within a lane, a higher `rank` comes first: log2(probability x weight x reach / seconds)
    + time / half-life. The difference of two ranks is the log2 of the ratio of what waiting costs, at any later time.
    """

    lane: Literal[0, 1]
    rank: float
    policy: str | None
    """The policy that the case proposes; None when nothing speaks for one."""
    headline: str
    """One short sentence."""
    terms: tuple[Term, ...]
    """Each figure with its source."""
    policies: tuple[PolicyHarm, ...]
    """Every policy that something speaks for, the worst first."""


def expected_harm(case: CaseFacts, policies: Mapping[str, Policy], now: Micros, model: Model = DEFAULT) -> Harm:
    """The order of a case at `now`, under the policies in force."""
    in_use = {policy.id: policy for policy in policies.values() if not policy.retired}
    children = next((policy.id for policy in in_use.values() if policy.child_safety), None)
    weighed = [_weigh(belief, in_use) for belief in beliefs(case, children, in_use)]
    weighed.sort(key=lambda one: (-one.harm, one.belief.policy or ""))
    urgent = _urgent(case, weighed, in_use, children, model.floor)
    lead = urgent[0] if urgent else weighed[0]
    half_life = model.critical_half_life if urgent else model.half_life
    expected = reach(case, model, half_life, now, _last_credible(case.reports))
    standing = Standing(
        belief=lead.belief,
        policy_name=in_use[lead.belief.policy].name if lead.belief.policy else "No policy named",
        weight=lead.weight,
        reach=expected,
        half_life=half_life,
        seconds=handling(case, model),
        urgent=_why_urgent(lead, in_use) if urgent else "",
    )
    return Harm(
        lane=CRITICAL if urgent else NORMAL,
        rank=math.log2(lead.harm / standing.seconds) + expected.height(half_life),
        policy=lead.belief.policy,
        headline=headline(standing),
        terms=tuple(terms(case, standing, now)),
        policies=tuple(PolicyHarm(one.belief.policy, one.belief.probability, one.harm) for one in weighed),
    )


class _Weighed(Struct, frozen=True):
    belief: Belief
    weight: float
    harm: float


def _weigh(belief: Belief, in_use: Mapping[str, Policy]) -> _Weighed:
    """Where a report names no policy, any might be meant: the median of the normal lane. Where nothing was said at all,
    the least: whatever is said later does not lower the case."""
    if belief.policy is not None:
        weight = in_use[belief.policy].harm
    elif belief.reporters or belief.signals:
        weight = median([policy.harm for policy in in_use.values() if policy.lane == "normal"] or [1.0])
    else:
        weight = min([policy.harm for policy in in_use.values()] or [1.0])
    return _Weighed(belief, weight, belief.probability * weight)


def _urgent(
    case: CaseFacts, weighed: Sequence[_Weighed], in_use: Mapping[str, Policy], children: str | None, floor: float
) -> list[_Weighed]:
    """Those that put the case in the critical lane: likely enough for a critical policy, or reported as child abuse."""
    csam = any(report.csam for report in case.reports)
    if csam and children is None:
        return list(weighed)
    return [
        one for one in weighed if _is_critical(one.belief, in_use, floor) or (csam and one.belief.policy == children)
    ]


def _is_critical(belief: Belief, in_use: Mapping[str, Policy], floor: float) -> bool:
    return belief.policy is not None and in_use[belief.policy].lane == "critical" and belief.probability >= floor


def _why_urgent(lead: _Weighed, in_use: Mapping[str, Policy]) -> str:
    policy = in_use.get(lead.belief.policy or "")
    if policy and policy.lane == "critical":
        return f"“{policy.name}” comes before all other policies."
    return "Reported as child sexual abuse material: comes before all others."


def _last_credible(reports: Sequence[ReportFact]) -> Micros | None:
    """When the subject was surely still seen: at the latest report by somebody who is not known to be wrong."""
    times = [one.received_at for one in reports if accuracy(one.upheld, one.dismissed).mean >= POOR]
    return max(times, default=None)
