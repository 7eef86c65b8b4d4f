"""Licences to hold, looked at after every audit: how many histories ever break the limit, and how soon they hold.

A history is a policy's audits one after another, with true shares of wrong holds that only this script knows. It breaks
its limit when at any moment a score is licensed whose true share is above the limit. Beside it in the same
histories: the bound of Clopper and Pearson, right for one look, looked at as often. Run it with `./run bench licences`.
Options: --histories N (default 1,000), --audits N of each (default 1,500), --seed N.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from evenhand.engine.triage.evidence import LEVEL, clopper_pearson, grow, start, worth
from evenhand.engine.triage.evidence import weight as weight_of
from evenhand.engine.triage.licence import SCORES, levels

AT_ONCE = 100
HELD, UNHELD = 0.1, 0.05
"""Inclusion probabilities of audits."""
Floats = NDArray[np.float64]
LEFT_OUT = """\
Left out: shares that change while the licence runs are measured by how soon it ends, not by the level, which speaks of
shares that stay. Audits that wait are in tests/unit/engine/triage/test_licence.py."""


class Town(Struct, frozen=True):
    """What a policy's items are like: how often each of SCORES comes, and how often holding one there is wrong."""

    name: str
    limit: float
    often: Floats
    wrong: Floats
    held: float = 2.0
    """Items from this score on are held, and so audited twice as often."""

    @property
    def true_shares(self) -> Floats:
        """Of wrong holds, for a hold of all at each of SCORES and above."""
        shares: Floats = np.cumsum(self.often * self.wrong) / np.cumsum(self.often)
        return shares


def towns() -> list[Town]:
    scores = np.array(SCORES)
    even = np.full(len(SCORES), 1 / len(SCORES))
    return [
        *(Town(f"just above the limit everywhere, limit {limit:.0%}", limit, even, np.full(len(SCORES), limit * 1.001))
          for limit in (0.05, 0.2, 0.5)),
        Town("right at high scores, just above the limit below 0.80", 0.1, even, _cliff(0.1, 0.8, even)),
        Town("as the score says", 0.2, even, 1 - scores),
        Town("as the score says, much at low scores", 0.3, _lean(scores), 1 - scores),
        Town("the score is sure of itself and wrong", 0.1, even, np.minimum(1, 1.4 - scores)),
        Town("held ones audited twice as often, those below worse", 0.2, even, _cliff(0.2, 0.7, even), held=0.8),
    ]  # fmt: skip


def _lean(scores: Floats) -> Floats:
    weights: Floats = np.exp(-4 * scores)
    return weights / weights.sum()


def _cliff(limit: float, at: float, often: Floats) -> Floats:
    """Half the limit down to `at`; below it so that the share of each score and all above is just above the limit."""
    wrong = np.full(len(often), limit / 2)
    for place in range(len(often)):
        if SCORES[place] < at:
            before = float((often[:place] * wrong[:place]).sum())
            wrong[place] = min(1.0, (limit * 1.001 * often[: place + 1].sum() - before) / often[place])
    return wrong


class Found(Struct, frozen=True):
    broken: int
    """Histories that ever licensed a score whose true share is above the limit."""
    broken_once: int
    """The same by the bound for one look."""
    histories: int
    licensed: int
    """Histories that licensed any score."""
    after: float
    """Audits until the first licence: the median of those that got one."""


def measure(town: Town, histories: int, audits: int, seed: int, *, compare: bool = True) -> Found:
    parts = [
        _some(town, min(AT_ONCE, histories - first), audits, np.random.default_rng([seed, first]), compare=compare)
        for first in range(0, histories, AT_ONCE)
    ]
    broken, once, began = (np.concatenate(part) for part in zip(*parts, strict=True))
    got = began[began > 0]
    after = float(np.median(got)) if len(got) else math.nan
    return Found(int(broken.sum()), int(once.sum()), histories, len(got), after)


def _some(
    town: Town, histories: int, audits: int, random: np.random.Generator, *, compare: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """For each history: whether it broke the limit, whether it did by the other bound, and when it was licensed."""
    false = town.true_shares > town.limit
    wealth = start(histories, len(SCORES))
    counts = np.zeros((2, histories, len(SCORES)), dtype=np.int64)
    passes = _least_counts(town.limit, audits) if compare else None
    broken, once = np.zeros(histories, dtype=bool), np.zeros(histories, dtype=bool)
    began = np.zeros(histories, dtype=np.int64)
    inclusion = np.where(np.array(SCORES) >= town.held, HELD, UNHELD)
    shares = town.often * inclusion / (town.often * inclusion).sum()
    for look in range(1, audits + 1):
        at = random.choice(len(SCORES), size=histories, p=shares)
        wrong = random.random(histories) < town.wrong[at]
        reached = at[:, None] <= np.arange(len(SCORES))
        weights = np.array([weight_of(one) for one in inclusion[at]])
        grow(wealth, town.limit, wrong[:, None], weights[:, None] * reached)
        worths = worth(wealth)
        licensed = worths * levels(worths) >= 1
        broken |= (licensed & false).any(axis=1)
        began[(began == 0) & licensed.any(axis=1)] = look
        if passes is not None:
            counts += np.stack([reached, reached & wrong[:, None]])
            once |= _sequence(counts[0] >= passes[counts[1]], counts[0], false)
    return broken, once, began


def _least_counts(limit: float, audits: int) -> NDArray[np.int64]:
    """For each number of wrong ones, the fewest audits whose Clopper-Pearson bound is at most the limit."""
    found, count = [], 1
    for wrong in range(audits + 1):
        while count <= audits and clopper_pearson(wrong, count) > limit:
            count += 1
        found.append(count)
    return np.array(found)


def _sequence(passed: NDArray[np.bool_], seen: NDArray[np.int64], false: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Strict to lax while each passes; scores without any audit are passed over."""
    unbroken = np.logical_and.accumulate(passed | (seen == 0), axis=1)
    broken: NDArray[np.bool_] = (unbroken & passed & false).any(axis=1)
    return broken


def until_withdrawn(good: int, share: float, worse: float, limit: float) -> float:
    """A share of wrong holds that goes up after `good` audits: how many more until the licence ends; the median."""
    random, histories = np.random.default_rng(good), 200
    wealth = start(histories)
    for _ in range(good):
        grow(wealth, limit, random.random(histories) < share, 1.0)
    ended = np.zeros(histories)
    for look in range(1, 5 * good):
        grow(wealth, limit, random.random(histories) < worse, 1.0)
        ended[(ended == 0) & (worth(wealth) < 1 / LEVEL)] = look
        if ended.all():
            break
    return float(np.median(ended))


def most(histories: int) -> int:
    """So many may break it: the level, plus the binomial error (one-sided 95 %)."""
    return math.floor(histories * LEVEL + 1.645 * math.sqrt(histories * LEVEL * (1 - LEVEL)))


def main(tell: Callable[[str], None] = print) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--audits", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    tell(machine.describe())
    tell(f"{options.histories} histories of {options.audits} audits, looked at after each. "
         f"Aim: at most {most(options.histories)} break their limit (5 % and the binomial error).\n")  # fmt: skip
    tell(f"{'':58}{'broken':>8}{'one look':>10}{'licensed':>10}{'after':>7}")
    for town in towns():
        found = measure(town, options.histories, options.audits, options.seed)
        tell(f"{town.name:58}{found.broken:8}{found.broken_once:10}{found.licensed:10}{found.after:7.0f}")
    tell("\n“one look”: Clopper and Pearson's bound in the same histories, looked at as often. “after”: audits until "
         "the first licence,\nmedian. The other bound knows no weights; the last town needs them.\n")  # fmt: skip
    for good in (200, 1000, 5000):
        count = until_withdrawn(good, 0.01, 0.3, 0.05)
        tell(f"After {good:,} audits with 1 % wrong, 30 % are wrong (limit 5 %): withdrawn after {count:.0f} more.")
    tell(f"\n{LEFT_OUT}")


if __name__ == "__main__":
    main()
