"""Expected harm: what a case costs for each second of handling while it waits, and why.

This is the one door of the order of cases: `CaseFacts` in, `Harm` out. Whatever model replaces this one keeps both.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.platform import Policy
from evenhand.engine.triage.basis import Basis, Rules, basis, rules
from evenhand.engine.triage.belief import beliefs
from evenhand.engine.triage.facts import CaseFacts, ReportFact
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED, Lane
from evenhand.engine.triage.model import Model
from evenhand.engine.triage.place import by_harm, place
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
    basis: Basis
    """What its place follows from under any other document or half-life."""


def expected_harm(case: CaseFacts, policies: Mapping[str, Policy], now: Micros, model: Model = DEFAULT) -> Harm:
    """The order of a case at `now`, under the policies in force."""
    in_force = rules(policies)
    found = beliefs(case, in_force.children, in_force.policies)
    weighed = basis(case, found, now, model)
    stands = place(weighed, in_force, model)
    belief = next(one for one in found if one.policy == stands.lead.policy)
    curve = model.curves.get(belief.policy or "")
    standing = Standing(
        belief=belief,
        probability=stands.lead.probability,
        calibrated_on=curve.decided if curve else 0,
        policy_name=in_force.policies[belief.policy].name if belief.policy else "No policy named",
        weight=stands.weight,
        reach=stands.reach,
        half_life=stands.half_life,
        fitted_on=model.fitted_on,
        seconds=weighed.seconds,
        lane=stands.lane,
        why_lane=_why_lane(stands.lane, belief.policy, in_force),
        flagged=stands.lane == CRITICAL and not _is_critical(belief.policy, in_force),
    )
    return Harm(
        lane=stands.lane,
        rank=stands.rank,
        policy=stands.lead.policy,
        headline=headline(standing),
        terms=tuple(terms(case, standing, now)),
        policies=tuple(PolicyHarm(one.policy, one.probability, harm) for one, harm in by_harm(weighed, in_force)),
        basis=weighed,
    )


def _why_lane(where: Lane, proposed: str | None, in_force: Rules) -> str:
    if where == NORMAL:
        return ""
    if not _is_critical(proposed, in_force):
        return "Reported as child sexual abuse material: comes before all others."
    name = in_force.policies[proposed or ""].name
    if where == CRITICAL:
        return f"“{name}” comes before all other policies."
    return (
        f"“{name}” would come before all other policies if one reporter with a good record, or a signal, "
        "said so. Only reporters without one do: it stands right behind."
    )


def _is_critical(policy: str | None, in_force: Rules) -> bool:
    return policy is not None and in_force.policies[policy].lane == "critical"
