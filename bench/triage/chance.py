"""Draws from a seed that come out the same on every machine and version: all made from `random()` alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from statistics import NormalDist
from typing import TypeVar

_NORMAL = NormalDist()
_T = TypeVar("_T")


class Chance:
    """Python promises that `random()` gives the same for the same seed; of its other methods it promises nothing."""

    def __init__(self, *seed: object) -> None:
        self.uniform = Random(" ".join(map(str, seed))).random

    def whole(self, lowest: int, highest: int) -> int:
        """From `lowest` to `highest`, both included."""
        return lowest + int(self.uniform() * (highest - lowest + 1))

    def one_of(self, values: Sequence[_T]) -> _T:
        return values[int(self.uniform() * len(values))]

    def index(self, weights: Sequence[float]) -> int:
        point = self.uniform() * sum(weights)
        return next((at for at, total in enumerate(accumulate(weights)) if point < total), len(weights) - 1)

    def normal(self) -> float:
        return _NORMAL.inv_cdf(min(1 - 1e-12, max(1e-12, self.uniform())))

    def lognormal(self, median: float, sigma: float) -> float:
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        return -mean * math.log(1 - self.uniform())

    def poisson(self, mean: float) -> int:
        """By the gaps of a process; above 50 by its normal limit."""
        if mean > 50:
            return max(0, round(mean + math.sqrt(mean) * self.normal()))
        count, at = 0, self.exponential(1)
        while at < mean:
            count, at = count + 1, at + self.exponential(1)
        return count

    def zipf(self, exponent: float, lowest: int, highest: int) -> int:
        """A continuous Pareto law, cut to `lowest` … `highest` and rounded down."""
        top = 1 - (lowest / (highest + 1)) ** (exponent - 1)
        return int(lowest * (1 - self.uniform() * top) ** (-1 / (exponent - 1)))


def zipf_mean(exponent: float, lowest: int, highest: int) -> float:
    """Of what `Chance.zipf` draws: the sum over all sizes of how often it is reached."""
    floor = (lowest / (highest + 1)) ** (exponent - 1)
    reached = ((lowest / size) ** (exponent - 1) - floor for size in range(lowest + 1, highest + 1))
    return lowest + sum(reached) / (1 - floor)
