"""What is held without a person: what a licence covers, as far as its budget reaches, never against a person's word.

A hold is no verdict: it expires, it can be taken back, and it says why it is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from evenhand.engine.triage.harm import Harm
from evenhand.engine.triage.lane import CRITICAL, NORMAL, Lane
from evenhand.engine.triage.licence import Licence

WINDOW_HOURS = 24
"""Over which a budget is counted."""
FOR_ANYBODY = 0.8
"""Part of a budget that cases of the normal lane may use up; the rest is kept for those before it. ASSUMED."""


class Candidate(Struct, frozen=True, kw_only=True):
    """An open case that might be held."""

    case: str
    policy: str
    """The policy that it proposes."""
    score: float
    """How likely it breaks that policy, as the licence's audits were scored."""
    lane: Lane = NORMAL
    rank: float = 0.0
    worth: float = math.inf
    """log2 of the harm that it does each second now, while it is shown."""
    dismissed: bool = False
    """A person has looked at its item and found nothing, or let go of a hold on it."""


class Budget(Struct, frozen=True, kw_only=True):
    """Of one policy, over the window."""

    share: float
    """Of all items that may be held, from 0 to 1."""
    items: int
    held: int
    worth: float = -math.inf
    """What does less harm is left alone: the budget would not reach for all that the licence covers (`least_worth`)."""

    @property
    def whole(self) -> int:
        return int(self.share * self.items)

    def left(self, lane: Lane) -> int:
        """How many more may be held of this lane."""
        part = FOR_ANYBODY if lane == NORMAL else 1.0
        return max(0, int(self.share * self.items * part) - self.held)


def place(
    candidates: Iterable[Candidate], licences: Mapping[str, Licence], budgets: Mapping[str, Budget]
) -> list[Candidate]:
    """Those to hold now, in their order. Licences and budgets by policy; what has none is not held."""
    placed: dict[str, int] = {}
    found = []
    for one in sorted(candidates, key=_order):
        licence, budget = licences.get(one.policy), budgets.get(one.policy)
        if licence is None or budget is None or not covers(licence, one):
            continue
        if one.worth >= budget.worth and placed.get(one.policy, 0) < budget.left(one.lane):
            placed[one.policy] = placed.get(one.policy, 0) + 1
            found.append(one)
    return found


def _order(one: Candidate) -> tuple[bool, int, float, str]:
    """The critical lane first, then as the queue has it."""
    return one.lane != CRITICAL, one.lane, -one.rank, one.case


def least_worth(recent: Sequence[float], most: int) -> float:
    """The worth of the last one that a budget of `most` would have reached, of those of the window that a licence
    covered, had it taken those that do the most harm; minus infinity when it reaches for all."""
    if most >= len(recent):
        return -math.inf
    return sorted(recent, reverse=True)[most - 1] if most > 0 else math.inf


def lead(harm: Harm) -> tuple[str, float]:
    """The policy that a case proposes ("" for none), and what it scores: how likely the model itself calls it, before
    any curve, which would change what audits were scored by."""
    found = next(one for one in harm.basis.policies if one.policy == harm.policy)
    return found.policy or "", found.uncalibrated


def covers(licence: Licence, one: Candidate) -> bool:
    return licence.score is not None and one.score >= licence.score and not one.dismissed


def reason(one: Candidate, licence: Licence) -> str:
    """Why it is held, with the figures that the licence stood on. For moderators."""
    return (
        f"held: {one.score:.2f} ≥ {licence.score or 0:.2f}; {licence.wrong} of {licence.audited} audited of this policy"
        f" were wrong to hold (at most {licence.bound:.1%}, limit {licence.limit:.1%})"
    )
