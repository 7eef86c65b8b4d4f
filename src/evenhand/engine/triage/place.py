"""Where one case stands: its lane, and its rank within it. `bulk` does the same for many at once."""

from __future__ import annotations

import math

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.basis import Basis, Rules, Weighed
from evenhand.engine.triage.lane import NORMAL, Lane
from evenhand.engine.triage.model import Model
from evenhand.engine.triage.reach import Reach, reach


class Place(Struct, frozen=True, kw_only=True):
    """A lower lane comes first; within a lane, a higher rank."""

    lane: Lane
    rank: float
    lead: Weighed
    """What speaks for the policy that it stands there for."""
    weight: float
    reach: Reach
    half_life: Micros


def place(case: Basis, in_force: Rules, model: Model) -> Place:
    """Of the policies of its first lane, the one with the most harm leads."""
    ranked = by_harm(case, in_force)
    lanes = [in_force.lane(one, csam=case.csam, floor=model.floor) for one, _ in ranked]
    best = min(lanes)
    lead, harm = ranked[lanes.index(best)]
    half_life = model.half_life if best == NORMAL else model.critical_half_life
    expected = reach(case, model, half_life)
    return Place(
        lane=best,
        rank=math.log2(harm / case.seconds) + expected.height(half_life),
        lead=lead,
        weight=in_force.weight(lead),
        reach=expected,
        half_life=half_life,
    )


def cost(rank: float, lane: int, at: Micros, model: Model) -> float:
    """What waiting costs at that time where a case has this rank, in harm a second: only to be compared. A rank is its
    logarithm, and goes up with time; no farther than 2**60 either way."""
    half_life = model.half_life if lane == NORMAL else model.critical_half_life
    return float(2.0 ** max(-60.0, min(60.0, rank - at / half_life)))


def by_harm(case: Basis, in_force: Rules) -> list[tuple[Weighed, float]]:
    """What speaks for each policy, and the harm of one view under it: the worst first."""
    weighed = [(one, one.probability * in_force.weight(one)) for one in case.policies]
    return sorted(weighed, key=lambda found: (-found[1], found[0].policy or ""))
