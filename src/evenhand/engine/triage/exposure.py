"""How fast views come on this platform: the half-life of reach, fitted to the platform's own view counts.

Each item that was counted twice tells one half-life; their median is the platform's, shrunk to the published one while
there are few. The median, because a few items are seen for months, and because items of one platform differ a lot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist, median

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.model import HOUR, MINUTE, Model

ASSUMED: Micros = Model().half_life
"""Pfeffer et al., ICWSM 2023."""
ASSUMED_WEIGHT = 50.0
"""How many items that one counts as. ASSUMED."""
LEAST_VIEWS = 20
"""An item that fewer have seen tells little but chance."""
SHORTEST: Micros = 5 * MINUTE
LONGEST: Micros = 30 * 24 * HOUR
_Z = NormalDist().inv_cdf(0.975)
_STEPS = 40


class Count(Struct, frozen=True):
    """`views` that an item had had when it was `age` old."""

    age: Micros
    views: int


class HalfLife(Struct, frozen=True):
    """The platform's half-life of reach, its 95 % interval, and how many items stand behind it. Microseconds."""

    value: Micros
    low: Micros
    high: Micros
    items: int

    @property
    def fitted(self) -> bool:
        return self.items > 0


NONE = HalfLife(ASSUMED, ASSUMED, ASSUMED, 0)


def fit(items: Iterable[Sequence[Count]]) -> HalfLife:
    """From the counts of each item."""
    return of_all(of_item(counts) for counts in items)


def of_all(items: Iterable[float | None]) -> HalfLife:
    """From the half-life of each item, as `of_item` has it. The interval of a median by the ranks of its neighbours
    (Thompson 1936), by the normal approximation to the binomial; value and interval shrunk alike, as logarithms."""
    found = sorted(math.log(one) for one in items if one is not None)
    if not found:
        return NONE
    count = len(found)
    apart = _Z * math.sqrt(count) / 2
    low = found[max(0, math.floor(count / 2 - apart))]
    high = found[min(count - 1, math.ceil(count / 2 + apart))]
    return HalfLife(_shrunk(median(found), count), _shrunk(low, count), _shrunk(high, count), count)


def of_item(counts: Sequence[Count]) -> float | None:
    """The half-life, in microseconds, at which its first count follows from its last; None where they tell nothing.

    With all views V, an item of age a has been seen V(1 - 2^(-a/h)) times: the share of the later count that was there
    at the earlier one falls as h grows, down to the share of the ages. Found by bisection on a logarithmic scale.
    """
    told = sorted((one for one in counts if one.age > 0), key=lambda one: one.age)
    if len(told) < 2:  # noqa: PLR2004 (a share needs two)
        return None
    first, last = _furthest(told), told[-1]
    if last.views < LEAST_VIEWS or first.age >= last.age:
        return None
    share = (first.views + 0.5) / (last.views + 1)
    low, high = math.log(SHORTEST), math.log(LONGEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _share(first.age, last.age, math.exp(middle)) > share else (low, middle)
    return math.exp((low + high) / 2)


def _furthest(told: Sequence[Count]) -> Count:
    """The count from which the last one can be told apart best: that nearest to half of the last age."""
    half = told[-1].age / 2
    return min(told[:-1], key=lambda one: abs(one.age - half))


def _share(earlier: Micros, later: Micros, half_life: float) -> float:
    return math.expm1(-math.log(2) * earlier / half_life) / math.expm1(-math.log(2) * later / half_life)


def _shrunk(logarithm: float, count: int) -> Micros:
    pulled = (logarithm * count + math.log(ASSUMED) * ASSUMED_WEIGHT) / (count + ASSUMED_WEIGHT)
    return round(math.exp(pulled))


def model(found: HalfLife) -> Model:
    """The figures of the order, with this half-life. What comes before the normal lane fades no faster than that."""
    assumed = Model()
    return Model(
        half_life=found.value,
        fitted_on=found.items,
        critical_half_life=max(assumed.critical_half_life, found.value),
    )
