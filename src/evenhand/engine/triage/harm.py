"""Expected harm: what a case costs for each second of handling while it waits, and why.

This is the one door of the order of cases: `CaseFacts` in, `Harm` out. Whatever model replaces this one keeps both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.platform import Policy
from evenhand.engine.triage.belief import POOR, Belief, beliefs
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED, Lane, lane
from evenhand.engine.triage.model import Model, handling, reach
from evenhand.engine.triage.reliability import accuracy
from evenhand.engine.triage.telling import Standing, Term, headline, terms

__all__ = [
    "CRITICAL", "NORMAL", "UNCONFIRMED",
    "CaseFacts", "Harm", "Lane", "Model", "PolicyHarm", "ReportFact", "Term", "expected_harm",
]  # fmt: skip

DEFAULT = Model()


class PolicyHarm(Struct, frozen=True):
    """`harm`: probability times the policy's weight, for one view."""

    id: str | None
    probability: float
    harm: float


class Harm(Struct, frozen=True, kw_only=True):
    """Where a case stands, and why. As JSON it is the `why` of the case.

    A lower lane comes before a higher one. Within a lane, a higher `rank` comes first: log2(probability x weight x
    reach / seconds) + time / half-life. The difference of two ranks is the log2 of the ratio of what waiting costs, at
    any later time.
    """

    lane: Lane
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
    lanes = [_lane(case, one, in_use, children, model.floor) for one in weighed]
    best = min(lanes)
    lead = weighed[lanes.index(best)]
    half_life = model.half_life if best == NORMAL else model.critical_half_life
    expected = reach(case, model, half_life, now, _last_credible(case.reports))
    standing = Standing(
        belief=lead.belief,
        policy_name=in_use[lead.belief.policy].name if lead.belief.policy else "No policy named",
        weight=lead.weight,
        reach=expected,
        half_life=half_life,
        seconds=handling(case, model),
        lane=best,
        why_lane=_why_lane(best, lead, in_use),
        flagged=best == CRITICAL and not _is_critical(in_use.get(lead.belief.policy or "")),
    )
    return Harm(
        lane=best,
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


def _lane(case: CaseFacts, one: _Weighed, in_use: Mapping[str, Policy], children: str | None, floor: float) -> Lane:
    """As its policy has it; what is reported as child abuse is critical whatever the document says."""
    if (one.belief.policy == children or children is None) and any(report.csam for report in case.reports):
        return CRITICAL
    return lane(one.belief, in_use.get(one.belief.policy or ""), floor)


def _why_lane(where: Lane, lead: _Weighed, in_use: Mapping[str, Policy]) -> str:
    if where == NORMAL:
        return ""
    policy = in_use.get(lead.belief.policy or "")
    if policy is None or not _is_critical(policy):
        return "Reported as child sexual abuse material: comes before all others."
    if where == CRITICAL:
        return f"“{policy.name}” comes before all other policies."
    return (
        f"“{policy.name}” would come before all other policies if one reporter with a good record, or a signal, "
        "said so. Only reporters without one do: it stands right behind."
    )


def _is_critical(policy: Policy | None) -> bool:
    return policy is not None and policy.lane == "critical"


def _last_credible(reports: Sequence[ReportFact]) -> Micros | None:
    """When the subject was surely still seen: at the latest report by somebody who is not known to be wrong."""
    times = [one.received_at for one in reports if accuracy(one.upheld, one.dismissed).mean >= POOR]
    return max(times, default=None)
