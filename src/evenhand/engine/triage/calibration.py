"""Whether what is called 80 % likely turns out so in 80 of 100: measured on decisions, and put right from them.

What is put right keeps its order: a curve rises everywhere, so whatever moves a case up before it does so after it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from evenhand.engine.triage.reliability import accuracy

BINS = 10
WEIGHT = 100.0
"""So many decisions the model's own word counts as: with as many decided, a curve goes half the way. ASSUMED."""
FEWEST = 50
"""Under so many decisions, or so few of either outcome that nothing can be told, there is no curve. ASSUMED."""
_FEWEST_EACH = 5

Pair = tuple[float, float]
"""What was called likely, and whether it turned out so: 1 or 0, or between them where people looked twice and differed,
the part of their looks that found it so."""


class Bin(Struct, frozen=True):
    """Decisions of which about the same was said. `low` and `high`: 90 % interval of `share` (Wilson)."""

    said: float
    share: float
    low: float
    high: float
    decided: int


class Measured(Struct, frozen=True):
    """`brier`: mean square of what was said against what was (Brier 1950). `ece`: mean distance of said and true share
    over the bins, by their size (Naeini et al. 2015). Both 0 at best."""

    decided: int
    brier: float
    ece: float
    bins: tuple[Bin, ...]
    """The reliability diagram: ten of equal width, those without a decision left out."""


class Curve(Struct, frozen=True):
    """From what the model says to what decisions say: straight between points, strictly rising, 0 at 0."""

    decided: int
    said: tuple[float, ...]
    meant: tuple[float, ...]

    def at(self, probability: float) -> float:
        """From 0 to 1, as what is given."""
        place = min(max(bisect_right(self.said, probability) - 1, 0), len(self.said) - 2)
        left, right = self.said[place], self.said[place + 1]
        low, high = self.meant[place], self.meant[place + 1]
        return low + (high - low) * (probability - left) / (right - left)


def measure(pairs: Iterable[Pair]) -> Measured:
    """Of decisions that no curve was fitted on."""
    found = sorted(pairs)
    bins = [
        _bin(list(group)) for _, group in groupby(found, key=lambda pair: min(BINS - 1, int(pair[0] * BINS)))
    ]  # fmt: skip
    count = len(found)
    return Measured(
        decided=count,
        brier=sum(_square(said, true) for said, true in found) / count if count else 0.0,
        ece=sum(one.decided * abs(one.said - one.share) for one in bins) / count if count else 0.0,
        bins=tuple(bins),
    )


def _square(said: float, true: float) -> float:
    """The mean over the looks: each found it so, or did not."""
    return true * (1 - said) ** 2 + (1 - true) * said**2


def _bin(pairs: Sequence[Pair]) -> Bin:
    count, true = len(pairs), sum(true for _, true in pairs)
    found = accuracy(true, count - true, weight=0.0)
    low, high = max(0.0, found.low), min(1.0, found.high)
    return Bin(sum(said for said, _ in pairs) / count, true / count, low, high, count)


def fit(pairs: Iterable[Pair]) -> Curve | None:
    """The isotonic curve (pool adjacent violators: Ayer et al. 1955), drawn towards the model's own word while there
    are few. None: too few to tell."""
    found = sorted(pairs)
    true = sum(outcome for _, outcome in found)
    if len(found) < FEWEST or min(true, len(found) - true) < _FEWEST_EACH:
        return None
    trust = len(found) / (len(found) + WEIGHT)
    blocks = [(block.said / block.count, block.mean) for block in _pooled(found)]
    knots = [(0.0, 0.0), *(one for one in blocks if 0 < one[0] < 1), (1.0, blocks[-1][1])]
    said, meant = zip(*((x, trust * y + (1 - trust) * x) for x, y in knots), strict=True)
    return Curve(len(found), said, meant)


class _Block(Struct):
    said: float
    """Sum."""
    true: float
    count: int

    @property
    def mean(self) -> float:
        return self.true / self.count


def _pooled(pairs: Iterable[Pair]) -> list[_Block]:
    """Blocks of decisions, each with a higher share than the one before."""
    blocks: list[_Block] = []
    for said, group in groupby(pairs, key=lambda pair: pair[0]):
        outcomes = [true for _, true in group]
        blocks.append(_Block(said * len(outcomes), math.fsum(outcomes), len(outcomes)))
        while len(blocks) > 1 and blocks[-2].mean >= blocks[-1].mean:
            last = blocks.pop()
            before = blocks[-1]
            before.said, before.true, before.count = (
                before.said + last.said, before.true + last.true, before.count + last.count,
            )  # fmt: skip
    return blocks
