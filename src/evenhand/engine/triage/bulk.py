"""The order of very many cases at once: the arithmetic of `place`, over arrays.

For what changes all of them together: a policy's weight or lane, or the half-life of reach. And for keeping them in
order in memory, with one that moves. A test holds every place against `place.place`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from evenhand.engine.platform import Policy
from evenhand.engine.triage.basis import Basis, Rules, rules
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED
from evenhand.engine.triage.model import Model

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
UNNAMED, UNSAID = -1, -2
"""In the place of a policy's number: something was said, under none; and nothing was said."""


class Columns(Struct, frozen=True, kw_only=True):
    """Bases as arrays: one entry for each case, and in `policy` and what follows it, one for each policy of each case,
    those of a case together and sorted by id."""

    at: Floats
    """Microseconds, as all times here: exact up to the year 2255."""
    made: Floats
    fades: Bools
    views: Floats
    """NaN where the platform does not tell."""
    reported_at: Floats
    """NaN where nobody credible has reported."""
    seconds: Floats
    csam: Bools
    first: Ints
    """Where the policies of each case begin."""
    policy: Ints
    """Index of `names`, UNNAMED or UNSAID."""
    probability: Floats
    evidence: Floats
    vouched: Bools
    reporters: Bools
    """Whether there are any."""
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.at)


class Places(Struct, frozen=True):
    """By case: lane, rank, and the number of the policy it stands there for, as in `Columns.policy`."""

    lane: npt.NDArray[np.int8]
    rank: Floats
    policy: Ints

    def order(self) -> Ints:
        """Indices of the cases, the first one first; of equals the earlier one."""
        return np.lexsort((-self.rank, self.lane))


def columns(bases: Iterable[Basis]) -> Columns:
    cases = list(bases)
    weighed = [sorted(case.policies, key=lambda one: one.policy or "") for case in cases]
    flat = list(chain.from_iterable(weighed))
    names = tuple(sorted({one.policy for one in flat if one.policy is not None}))
    numbers: Mapping[str | None, int] = {name: number for number, name in enumerate(names)}
    counts = np.array([len(one) for one in weighed], dtype=np.int64)
    return Columns(
        at=_floats(case.at for case in cases),
        made=_floats(case.made for case in cases),
        fades=_bools(case.fades for case in cases),
        views=_floats(case.views for case in cases),
        reported_at=_floats(case.reported_at for case in cases),
        seconds=_floats(case.seconds for case in cases),
        csam=_bools(case.csam for case in cases),
        first=np.cumsum(counts) - counts,
        policy=np.array(
            [numbers.get(one.policy, UNNAMED if one.said else UNSAID) for one in flat],
            dtype=np.int64,
        ),
        probability=_floats(one.probability for one in flat),
        evidence=_floats(one.evidence for one in flat),
        vouched=_bools(one.vouched for one in flat),
        reporters=_bools(one.reporters > 0 for one in flat),
        names=names,
    )


def places(cases: Columns, policies: Mapping[str, Policy], model: Model) -> Places:
    """Where each stands under this document and this model. Policies that the document does not know (any more) weigh
    like reports that name none."""
    if not len(cases):
        return Places(np.zeros(0, np.int8), np.zeros(0), np.zeros(0, np.int64))
    in_force = rules(policies)
    harm = cases.probability * _weights(cases.names, in_force)[cases.policy]
    lanes = _lanes(cases, in_force, model)
    best = np.minimum.reduceat(lanes, cases.first)
    counts = np.diff(np.append(cases.first, len(cases.policy)))
    harm = np.where(lanes == np.repeat(best, counts), harm, -1.0)
    most = np.maximum.reduceat(harm, cases.first)
    leads = np.flatnonzero(harm == np.repeat(most, counts))
    lead = leads[np.searchsorted(leads, cases.first)]
    half_life = np.where(best == NORMAL, float(model.half_life), float(model.critical_half_life))
    rank = np.log2(most / cases.seconds) + _height(cases, model, half_life)
    return Places(best, rank, cases.policy[lead])


def _weights(names: tuple[str, ...], in_force: Rules) -> Floats:
    """By number; the last two are those of UNSAID and UNNAMED."""
    known = in_force.policies
    own = [known[name].harm if name in known else in_force.unnamed for name in names]
    return np.array([*own, in_force.unsaid, in_force.unnamed])


def _lanes(cases: Columns, in_force: Rules, model: Model) -> npt.NDArray[np.int8]:
    """As `lane.lane` and `Rules.lane` tell it."""
    known = [in_force.policies.get(name) for name in cases.names]
    critical = np.array([one is not None and one.lane == "critical" for one in known] + [False] * 2)[cases.policy]
    child = np.array([one is not None and one.child_safety for one in known] + [False] * 2)[cases.policy]
    lanes = np.full(len(cases.policy), NORMAL, dtype=np.int8)
    likely = critical & (cases.evidence >= model.floor)
    lanes[likely] = UNCONFIRMED
    lanes[(likely & (child | cases.vouched)) | (critical & child & cases.reporters)] = CRITICAL
    about = np.array([in_force.children in (name, None) for name in cases.names] + [in_force.children is None] * 2)
    flagged = np.repeat(cases.csam, np.diff(np.append(cases.first, len(cases.policy))))
    lanes[flagged & about[cases.policy]] = CRITICAL
    return lanes


def _height(cases: Columns, model: Model, half_life: Floats) -> Floats:
    """As `reach.reach` and `Reach.height` tell it."""
    gathered = 1 - np.exp2(-(cases.at - cases.made) / half_life)
    told = ~np.isnan(cases.views)
    seen = np.where(told, np.maximum(cases.views, 0), 0.0)
    total = np.where(told, (1 + seen) / (1 / model.reach + gathered), model.reach)
    views = np.where(cases.fades, total, np.maximum(model.reach, seen))
    promised = np.log2(views) + cases.made / half_life
    shown = np.log2(model.reach_by_report) + np.minimum(cases.reported_at, cases.at) / half_life
    height: Floats = np.fmax(promised, shown)
    return height


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)
