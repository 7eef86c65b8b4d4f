"""How many views a case still has to come, which is what waiting exposes people to."""

from __future__ import annotations

import math

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.basis import Basis
from evenhand.engine.triage.model import Model


class Reach(Struct, frozen=True):
    """`views` still to come at `at`; half of them within each half-life."""

    views: float
    at: Micros
    source: str

    def height(self, half_life: Micros) -> float:
        """log2 of the views, moved to time 0: the same for all times, as all reach decays alike."""
        return math.log2(self.views) + self.at / half_life


def reach(case: Basis, model: Model, half_life: Micros) -> Reach:
    """The higher of what its age and views promise, and of what the latest credible report shows: it is still seen."""
    promised = _promised(case, model, half_life)
    if case.reported_at is None:
        return promised
    shown = Reach(model.reach_by_report, min(case.reported_at, case.at), "latest report")
    return max(promised, shown, key=lambda one: one.height(half_life))


def _promised(case: Basis, model: Model, half_life: Micros) -> Reach:
    """Posterior mean of the views in all, Gamma-Poisson with one view's weight on the prior, from the time it was made.

    Where the age is not known, or tells nothing (accounts, threads), as many views as so far are still to come.
    """
    source = "assumed" if case.views is None else "views so far"
    if not case.fades:
        return Reach(max(model.reach, float(case.views or 0)), case.made, source)
    if case.views is None:
        return Reach(model.reach, case.made, source)
    gathered = 1 - 2.0 ** (-(case.at - case.made) / half_life)
    return Reach((1 + max(0, case.views)) / (1 / model.reach + gathered), case.made, source)
