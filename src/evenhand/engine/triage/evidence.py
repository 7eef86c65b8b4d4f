"""What audited decisions say of a share, however often they are looked at: a test by betting, capped.

Who doubts that the share of wrong ones is under a limit bets on each audit before it is known. As long as the share is
not under the limit, no way of betting makes rich: the chance that the wealth ever reaches 1/level is at most `level`
(Ville 1939; Waudby-Smith & Ramdas, JRSS B 86, 2024). The bets are a mixture over the shares that may be true instead
(Robbins 1970), so none has to be chosen. A lower wealth is always allowed; the cap keeps a long good past from paying
for a bad present.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.05
"""How likely it may be that a limit is broken while the evidence says that it is not."""
REFERENCE = 0.05
"""Inclusion probability of an audit of the usual policy that counts in full; one that was twice as likely to be made
counts half."""
LIKELY, LIFT = 0.8, 4.0
"""From that score on audits are so many times as likely. ASSUMED."""
MOST_WEALTH = 1e4
"""A change to the worse is seen after a few wrong ones, however long the past; by chance alone a licence is lost about
once in MOST_WEALTH x level audits."""
_MIXED = 1e-4
"""Part of the wealth that is spread over all bets after each audit, so that none is ruined when shares change (fixed
share: Herbster & Warmuth, Machine Learning 32, 1998)."""
_SHARES: NDArray[np.float64] = ((np.arange(16) + 0.5) / 16) ** 2
"""Shares that may be true instead, as parts of the limit: more of them near 0. ASSUMED."""
_STAKES = 1 - _SHARES
_GRID = 50

Wealth = NDArray[np.float64]
"""Of each bet, in the last axis; axes before it are the caller's."""


class Audited(Struct, frozen=True, array_like=True):
    """One audited item: what it scored at its highest before it was decided, and whether holding it was wrong."""

    score: float
    wrong: bool
    inclusion: float
    """How likely it was to be audited, whatever its outcome; at least `reference`."""
    reference: float = REFERENCE
    """That of the least likely one of its policy that could be held."""


def start(*axes: int) -> Wealth:
    """Before the first audit."""
    return np.ones((*axes, len(_STAKES)))


def grow(wealth: Wealth, limit: ArrayLike, wrong: ArrayLike, weight: ArrayLike) -> None:
    """In place: the wealth after one more audit. What is given has the caller's axes, or none.

    Each bet wins in the ratio of the two chances of what was seen, its own share against the limit; with a weight below
    1 it stakes less, with 0 nothing.
    """
    limits, wrongs, weights = (np.asarray(one, dtype=np.float64)[..., None] for one in (limit, wrong, weight))
    wealth *= 1 + _STAKES * weights * (limits - wrongs) / (1 - limits)
    whole = worth(wealth)[..., None]
    wealth *= np.minimum(1 - _MIXED, MOST_WEALTH / np.maximum(whole, 1))
    wealth += _MIXED * np.minimum(whole, MOST_WEALTH)


def worth(wealth: Wealth) -> NDArray[np.float64]:
    """All bets together: at 1/level or more, the limit is kept."""
    mean: NDArray[np.float64] = wealth.mean(axis=-1)
    return mean


def lift(score: float) -> float:
    """How many times as likely as the least likely one to be audited a case of this score is."""
    return LIFT if score >= LIKELY else 1.0


def weight(inclusion: float, reference: float = REFERENCE) -> float:
    """What an audit counts where the least likely one had the inclusion probability `reference`."""
    return min(1.0, reference / inclusion)


def above(one: Audited, score: float) -> Audited:
    """The same audit among those of `score` and above: the least likely of these counts in full."""
    return Audited(one.score, one.wrong, one.inclusion, min(1.0, one.reference * lift(score)))


def bound(audits: Iterable[Audited], level: float, limit: float) -> float:
    """The least share that the audits are evidence against: the true one is at most this, at every look at once, but
    for a chance of `level`. It is at most `limit` just when the wealth against `limit` has reached 1/level."""
    shares = np.concatenate([np.linspace(0, limit, _GRID + 1)[1:], np.geomspace(limit, 0.999, 2 * _GRID + 1)[1:]])
    wealth = start(len(shares))
    for one in audits:
        grow(wealth, shares, one.wrong, weight(one.inclusion, one.reference))
    kept = worth(wealth) >= 1 / level
    last = _GRID if kept[_GRID - 1] else len(shares)
    doubted = np.flatnonzero(~kept[:last])
    least = int(doubted[-1]) + 1 if len(doubted) else 0
    return float(shares[least]) if least < len(shares) else 1.0


def once(audits: Sequence[Audited], level: float = LEVEL) -> float:
    """The bound of Clopper and Pearson (1934), one-sided: right for one look at audits that were all as likely."""
    return clopper_pearson(sum(one.wrong for one in audits), len(audits), level)


def clopper_pearson(wrong: int, count: int, level: float = LEVEL) -> float:
    """The greatest share under which `wrong` or fewer of `count` have a chance of at least `level`. By bisection."""
    if wrong >= count:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, count, middle) > level else (low, middle)
    return high


def _at_most(wrong: int, count: int, share: float) -> float:
    """The lower tail of the binomial distribution, each term from the one before it, as a logarithm."""
    odds = np.log(share) - np.log1p(-share)
    steps = np.log(count - np.arange(wrong)) - np.log1p(np.arange(wrong)) + odds
    terms = count * np.log1p(-share) + np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.exp(terms).sum())
