"""The licence to hold: for each policy, the lowest score at which audited decisions show that wrong holds stay rare.

Scores are tried from strict to lax, each only where the stricter one before it is licensed (fixed sequence). As a
policy may have nothing at the strictest scores, the sequence begins in several places, each with its share of the
level, and what passes hands its level on (fallback procedure: Wiens & Dmitrienko, J. Biopharm. Stat. 15, 2005). The
chance that a score is ever licensed whose true share of wrong holds is above the limit is at most LEVEL, however often
anybody looks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import neg

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from evenhand.engine.triage.evidence import (
    LEVEL,
    REFERENCE,
    Audited,
    Wealth,
    above,
    bound,
    grow,
    lift,
    once,
    start,
    worth,
)

SCORES: tuple[float, ...] = tuple(score / 100 for score in range(95, 29, -1))
"""From strict to lax. Nothing below is ever held. ASSUMED."""
LOWEST = SCORES[-1]
_LIFTS = np.array([lift(score) for score in SCORES])
_SHARES = {0.95: 0.4, 0.85: 0.3, 0.7: 0.2, 0.5: 0.1}
"""Where the sequence begins, and with which part of the level. ASSUMED; fixed before any audit."""


class Licence(Struct, frozen=True, kw_only=True):
    """What a policy's audits allow. All figures are of the audits at `score` and above; where there is no licence, of
    those at the lowest score that comes nearest to one."""

    score: float | None
    """Hold what scores at least this. None: no licence, no holds."""
    limit: float
    nearest: float
    audited: int = 0
    wrong: int = 0
    bound: float = 1.0
    """The share of wrong holds is at most this, at every look at once."""
    once: float = 1.0
    """The same by Clopper and Pearson, for one look."""
    waiting: int = 0
    """Audits that were drawn and not decided yet."""


class Drawn(Struct, frozen=True, array_like=True):
    """An audit that was drawn; `wrong` None while nobody has decided it."""

    score: float
    wrong: bool | None
    inclusion: float
    reference: float = REFERENCE


def licence(drawn: Sequence[Drawn], limit: float) -> Licence:
    """What these audits, in the order in which they were drawn, allow under `limit` (share of wrong holds, above 0 and
    below 1).

    Which audit is decided first may hang on what it is, so two looks must agree: one that stops before the first that
    is not decided, which no choice of order can bend, and one at all that are, which sees a change at once.
    """
    decided = [Audited(one.score, one.wrong, one.inclusion, one.reference) for one in drawn if one.wrong is not None]
    gap = next((place for place, one in enumerate(drawn) if one.wrong is None), len(drawn))
    looks = (decided[:gap], decided)
    worths = np.minimum(*(worth(wealth) for wealth in gathered(looks, limit)))
    place = best(worths, [one.score for one in decided])
    at = place if place is not None else nearest(worths)
    level = levels(worths)[at]
    used = [[above(one, SCORES[at]) for one in look if one.score >= SCORES[at]] for look in looks]
    different = used if len(used[0]) < len(used[1]) else used[1:]
    return Licence(
        score=None if place is None else SCORES[place],
        limit=limit,
        nearest=SCORES[at],
        audited=len(used[1]),
        wrong=sum(one.wrong for one in used[1]),
        bound=max(bound(look, level, limit) for look in different),
        once=once(used[1]),
        waiting=len(drawn) - len(decided),
    )


def gathered(looks: Sequence[Sequence[Audited]], limit: float) -> list[Wealth]:
    """The wealth at each of SCORES after each look, each of which goes on where the one before it ended: an audit is
    evidence for every score that it reaches."""
    wealth, found, after = start(len(SCORES)), [], 0
    for look in looks:
        for one in look[after:]:
            reached = first(one.score)
            weights = np.minimum(1, np.minimum(1, one.reference * _LIFTS[reached:]) / one.inclusion)
            grow(wealth[reached:], limit, one.wrong, weights)
        found.append(wealth.copy())
        after = len(look)
    return found


def first(score: float) -> int:
    """The place in SCORES of the strictest one that `score` reaches; their number when it reaches none."""
    return bisect_left(SCORES, -score, key=neg)


def best(worths: NDArray[np.float64], audited: Iterable[float]) -> int | None:
    """The place in SCORES of the lowest score that is licensed: of several with the same audits the strictest, as
    nobody has seen what lies below. `audited`: what the audits scored."""
    passed = np.flatnonzero(worths * levels(worths) >= 1)
    if not len(passed):
        return None
    seen = min(score for score in audited if score >= SCORES[passed[-1]])
    return int(passed[passed >= first(seen)][0])


def levels(worths: NDArray[np.float64]) -> NDArray[np.float64]:
    """The level at which each of SCORES (the last axis) is tested: what the one before it hands on, if it passed, and
    its own share."""
    found = np.zeros(worths.shape)
    level = np.zeros(worths.shape[:-1])
    for place, score in enumerate(SCORES):
        level = level + LEVEL * _SHARES.get(score, 0.0)
        found[..., place] = level
        level = np.where(level * worths[..., place] >= 1, level, 0.0)
    return found


def nearest(worths: NDArray[np.float64]) -> int:
    """Where the evidence is strongest, the lower score where it is the same, of those that would be tested."""
    tested = np.where(levels(worths) > 0, worths, 0)
    return int(len(SCORES) - 1 - np.argmax(tested[::-1]))
