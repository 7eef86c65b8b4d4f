"""What is held without a person: what a licence covers, as far as its budget reaches, never against a person's word.

A hold is no verdict: it expires, it can be taken back, and it says why it is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.basis import Basis
from evenhand.engine.triage.harm import Harm
from evenhand.engine.triage.lane import NORMAL, Lane
from evenhand.engine.triage.licence import Licence

WINDOW_HOURS = 24
"""Over which a budget is counted."""
FOR_ANYBODY = 0.9
"""Part of a budget that cases of the normal lane may use up; the rest is kept for those before it. ASSUMED: these are
about one item in a hundred."""


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
    """log2 of the harm that it still does while it is shown (`worth`)."""
    dismissed: bool = False
    """A person has looked at its item and found nothing, or let go of a hold on it."""


class Budget(Struct, frozen=True, kw_only=True):
    """Of one policy, or of all together, over the window."""

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
    candidates: Iterable[Candidate],
    licences: Mapping[str, Licence],
    budgets: Mapping[str, Budget],
    together: Budget | None = None,
) -> list[Candidate]:
    """Those to hold now, in their order. Licences and budgets by policy; what has none is not held. `together`: what
    all of them may hold, which goes to the worst of any; None: only their own budgets bound them."""
    placed: dict[str, int] = {}
    found: list[Candidate] = []
    for one in sorted(candidates, key=_order):
        licence, budget = licences.get(one.policy), budgets.get(one.policy)
        if licence is None or budget is None or not covers(licence, one):
            continue
        if _reaches(budget, one, placed.get(one.policy, 0)) and (
            together is None or _reaches(together, one, len(found))
        ):
            placed[one.policy] = placed.get(one.policy, 0) + 1
            found.append(one)
    return found


def _reaches(budget: Budget, one: Candidate, placed: int) -> bool:
    return one.worth >= budget.worth and placed < budget.left(one.lane)


def _order(one: Candidate) -> tuple[int, float, float, str]:
    """As the lanes go; within one what does the most harm, then as the queue has it."""
    return one.lane, -one.worth, -one.rank, one.case


def worth(case: Basis, rank: float, now: Micros, half_life: Micros) -> float:
    """log2 of the harm that an open case still does from `now` on. Its rank is for each second that a person spends on
    it, and a hold takes none of their time."""
    return rank - now / half_life + math.log2(case.seconds)


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
