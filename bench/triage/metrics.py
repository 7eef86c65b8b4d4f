"""What an outcome is worth: the seven figures of specs/triage.md §4.3."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from bench.triage.desk import Floats
from bench.triage.run import Outcome
from bench.triage.trace import DAY, HOUR, START, Trace
from bench.triage.world import CRITICAL

COUNTED = (START + DAY, START + 8 * DAY)
"""What is first reported in this week is counted: the first day fills the desk, and all have a day to be decided."""
LEAK = 0.1
"""What a held item still reaches. ASSUMED: a hold removes 90 %."""


class Figures(Struct, frozen=True, kw_only=True):
    """Shares are of 1."""

    averted: float
    critical_day: float
    """Violating critical items decided within 24 h."""
    critical_hour: float
    """Decided or held within 1 h."""
    an_hour: float
    """Items decided in an hour of work."""
    looks: float
    """For each decided item."""
    wrong_bulk: float
    """Share of items decided without being seen that were decided wrongly."""
    wrong_holds: float
    """Share of innocent items that were held."""
    views_lost: float
    """Share of the views of innocent items after their first report that holds and wrong decisions took away."""
    media: float
    """Seen, for 100 decided items."""
    held: float
    """Share of all items."""


class Ledger:
    """The columns of the truth, made once for a trace."""

    def __init__(self, trace: Trace) -> None:
        truth, world = trace.truth, trace.world
        self.violating = np.array([one.violating for one in truth])
        self.critical = np.array([one.reason == CRITICAL for one in truth]) & self.violating
        self.severity = np.array([world.severity[one.reason] for one in truth])
        self.views = np.array([one.views for one in truth])
        self.half_life = np.array([one.half_life for one in truth], dtype=np.float64)
        self.created_at = np.array([one.created_at for one in trace.seen], dtype=np.float64)
        self.opened_at = np.array([one.reports[0].at for one in trace.seen], dtype=np.float64)
        self.counted = (self.opened_at >= COUNTED[0]) & (self.opened_at < COUNTED[1])

    def ahead(self, at: Floats) -> Floats:
        """Views still to come then; none at infinity."""
        return self.views * 2.0 ** (-(at - self.created_at) / self.half_life)


def figures(ledger: Ledger, outcome: Outcome) -> Figures:
    since, until = _held(ledger, outcome)
    gone_at = np.where(outcome.removed, outcome.decided_at, np.inf)
    shown = ledger.ahead(ledger.opened_at) - ledger.ahead(gone_at)
    hidden = np.maximum(0, ledger.ahead(since) - ledger.ahead(np.minimum(until, gone_at))) * (1 - LEAK)
    bad, good = ledger.counted & ledger.violating, ledger.counted & ~ledger.violating
    harm = (ledger.severity * (shown - hidden))[bad].sum()
    unchecked = (ledger.severity * ledger.ahead(ledger.opened_at))[bad].sum()
    critical = ledger.critical & ledger.counted
    waited = outcome.decided_at - ledger.opened_at
    contained = np.minimum(waited, since - ledger.opened_at)
    decided = np.isfinite(outcome.decided_at)
    bulk = decided & ~outcome.looked
    lost = np.where(outcome.removed, ledger.ahead(gone_at), 0.0) + hidden
    return Figures(
        averted=1 - harm / unchecked,
        critical_day=_share(waited[critical] <= DAY),
        critical_hour=_share(contained[critical] <= HOUR),
        an_hour=decided.sum() / (outcome.seconds / 3600),
        looks=outcome.looks / max(1, decided.sum()),
        wrong_bulk=_share((outcome.removed != ledger.violating)[bulk]),
        wrong_holds=_share(np.isfinite(since[good])),
        views_lost=lost[good].sum() / ledger.ahead(ledger.opened_at)[good].sum(),
        media=100 * outcome.media / max(1, decided.sum()),
        held=_share(np.isfinite(since[ledger.counted])),
    )


def _held(ledger: Ledger, outcome: Outcome) -> tuple[Floats, Floats]:
    """From when until when each item was held; infinity where it was not."""
    since, until = np.full(len(ledger.views), np.inf), np.full(len(ledger.views), np.inf)
    for hold in outcome.holds:
        since[hold.item], until[hold.item] = hold.since, hold.until
    return since, until


def _share(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
