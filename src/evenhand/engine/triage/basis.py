"""What the place of a case follows from once its evidence is weighed: small enough to be kept beside the rank, whole
enough to rank the case anew, with others or by itself, when a policy's weight, its lane or the half-life changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.platform import Policy
from evenhand.engine.triage.belief import POOR, Belief
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.lane import CRITICAL, Lane, lane
from evenhand.engine.triage.model import Model, handling
from evenhand.engine.triage.reliability import record


class Weighed(Struct, frozen=True, array_like=True):
    """What speaks for one policy, as far as the place goes."""

    policy: str | None
    probability: float
    """As decisions say: put right by the policy's curve, where there is one."""
    evidence: float
    vouched: bool
    reporters: int
    said: bool
    """Anything at all speaks for it."""
    uncalibrated: float
    """What the model itself called it: what curves are fitted to."""


class Basis(Struct, frozen=True, array_like=True, kw_only=True):
    """`policies` is never empty. Times are in microseconds."""

    at: Micros
    """When the case was ranked."""
    made: Micros
    """From when on the subject gathered views; where that is not known, or tells nothing, when it was surely there."""
    fades: bool
    """Whether its age tells how many views are to come."""
    views: int | None
    reported_at: Micros | None
    """When it was surely still seen: the latest report by somebody who is not known to be wrong."""
    seconds: float
    csam: bool
    """Somebody flagged it as child abuse."""
    policies: tuple[Weighed, ...]


class Rules(Struct, frozen=True):
    """Of the platform document, what places stand on."""

    policies: Mapping[str, Policy]
    """Those in use."""
    children: str | None
    """The policy that a report of child abuse speaks for."""
    unnamed: float
    """Weight where a report names no policy, and any might be meant: the median of the normal lane."""
    unsaid: float
    """Weight where nothing was said: the least, so that whatever is said later does not lower the case."""

    def weight(self, one: Weighed) -> float:
        if one.policy is not None:
            return self.policies[one.policy].harm
        return self.unnamed if one.said else self.unsaid

    def lane(self, one: Weighed, *, csam: bool, floor: float) -> Lane:
        """As its policy has it; what is reported as child abuse is critical whatever the document says."""
        if csam and (one.policy == self.children or self.children is None):
            return CRITICAL
        return lane(one, self.policies.get(one.policy or ""), floor)


def rules(policies: Mapping[str, Policy]) -> Rules:
    in_use = {policy.id: policy for policy in policies.values() if not policy.retired}
    return Rules(
        policies=in_use,
        children=next((policy.id for policy in in_use.values() if policy.child_safety), None),
        unnamed=median([policy.harm for policy in in_use.values() if policy.lane == "normal"] or [1.0]),
        unsaid=min([policy.harm for policy in in_use.values()] or [1.0]),
    )


def basis(case: CaseFacts, found: Sequence[Belief], now: Micros, model: Model) -> Basis:
    fades = case.kind == "content" and case.created_at is not None
    made = case.created_at if fades and case.created_at is not None else case.seen_at
    return Basis(
        at=now,
        made=max(0, min(made, now)),
        fades=fades,
        views=case.views,
        reported_at=_last_credible(case.reports),
        seconds=handling(case, model),
        csam=any(report.csam for report in case.reports),
        policies=tuple(_weighed(one, model) for one in found),
    )


def _weighed(belief: Belief, model: Model) -> Weighed:
    curve = model.curves.get(belief.policy or "")
    return Weighed(
        policy=belief.policy,
        probability=curve.at(belief.probability) if curve else belief.probability,
        evidence=belief.evidence,
        vouched=belief.vouched,
        reporters=belief.reporters,
        said=bool(belief.reporters or belief.signals),
        uncalibrated=belief.probability,
    )


def _last_credible(reports: Sequence[ReportFact]) -> Micros | None:
    times = [one.received_at for one in reports if record(one).mean >= POOR]
    return max(times, default=None)
