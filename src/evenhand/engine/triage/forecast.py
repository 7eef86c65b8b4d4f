"""What comes in each hour of the week: a seasonal-naive mean, shrunk while weeks are few, and how far bursts go beyond.

Seasonal naive: an hour is forecast by the same hour of earlier weeks (Hyndman & Athanasopoulos, "Forecasting:
Principles and Practice", §5.2). Quantiles are not taken from a distribution that somebody assumed: each past hour is
compared with the mean of all other weeks, and what was exceeded by so many of them is forecast to be exceeded by as
many again (jackknife+; Barber, Candès, Ramdas & Tibshirani 2021, Annals of Statistics 49).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from evenhand.engine.triage.week import HOURS

DAY = 24
LEVELS = (0.5, 0.8, 0.95, 0.99)
WEIGHT = 2.0
"""Weeks' worth of the shape that hours of day and days of week have together, beside what one hour of week showed."""
_LEAST_MEAN = 0.05


class Forecast(Struct, frozen=True, kw_only=True):
    """`means`: items expected in each of the 168 hours of the week, from Monday 00:00. `weeks`: how many it stands on.

    `bursts`: level → how many spreads above its mean an hour stays with this probability. `dispersion`: how much more
    than by chance alone counts vary (0: as a Poisson process does).
    """

    means: tuple[float, ...]
    weeks: int
    dispersion: float
    bursts: Mapping[float, float]

    def quantile(self, hour: int, level: float) -> float:
        """Items that this hour of the week stays at or under with probability `level`, one of LEVELS."""
        mean = self.means[hour % HOURS]
        return max(0.0, mean + self.bursts[level] * _spread(mean, self.dispersion))


class Backtest(Struct, frozen=True, kw_only=True):
    """Hours that were forecast from the weeks before them alone, and how many of them stayed at or under each level."""

    hours: int
    within: Mapping[float, int]

    def coverage(self, level: float) -> float:
        return self.within[level] / self.hours


def forecast(counts: Sequence[int]) -> Forecast:
    """From items per hour, oldest first; the first is a Monday's hour 0, and only whole weeks are used.

    Raises ValueError: less than two weeks.
    """
    weeks = [list(counts[start : start + HOURS]) for start in range(0, len(counts) - HOURS + 1, HOURS)]
    if len(weeks) < 2:  # noqa: PLR2004 (the fewest that can be compared)
        raise ValueError("a forecast by the hour of the week stands on two whole weeks at least")
    totals = [sum(hour) for hour in zip(*weeks, strict=True)]
    others = [_means([total - own for total, own in zip(totals, week, strict=True)], len(weeks) - 1) for week in weeks]
    dispersion = _dispersion(weeks, others)
    residuals = sorted(
        (count - mean) / _spread(mean, dispersion)
        for week, means in zip(weeks, others, strict=True)
        for count, mean in zip(week, means, strict=True)
    )
    return Forecast(
        means=_means(totals, len(weeks)),
        weeks=len(weeks),
        dispersion=dispersion,
        bursts={level: _quantile(residuals, level) for level in LEVELS},
    )


def backtest(counts: Sequence[int], *, least: int = 2) -> Backtest | None:
    """Each week forecast from those before it, from the first that has `least` of them on; None without any."""
    hours, within = 0, dict.fromkeys(LEVELS, 0)
    for start in range(least * HOURS, len(counts) - HOURS + 1, HOURS):
        made = forecast(counts[:start])
        for hour, count in enumerate(counts[start : start + HOURS]):
            hours += 1
            for level in LEVELS:
                within[level] += count <= made.quantile(hour, level)
    return Backtest(hours=hours, within=within) if hours else None


def _means(totals: Sequence[int], weeks: int) -> tuple[float, ...]:
    """Each hour's own mean and what its hour of day and its day of week say together, by their weights.

    Half an item is added to each hour of day and day of week, so that none is forecast to be empty for ever.
    """
    days = [sum(totals[day * DAY : day * DAY + DAY]) + 0.5 for day in range(HOURS // DAY)]
    hours = [sum(totals[hour::DAY]) + 0.5 for hour in range(DAY)]
    whole = math.fsum(days)
    shape = [days[hour // DAY] * hours[hour % DAY] / whole / weeks for hour in range(HOURS)]
    return tuple(
        max(_LEAST_MEAN, (total + WEIGHT * expected) / (weeks + WEIGHT))
        for total, expected in zip(totals, shape, strict=True)
    )


def _dispersion(weeks: Sequence[Sequence[int]], others: Sequence[Sequence[float]]) -> float:
    """By moments: variance = mean + dispersion x mean squared, as a negative binomial has it."""
    beyond = squares = 0.0
    for week, means in zip(weeks, others, strict=True):
        for count, mean in zip(week, means, strict=True):
            beyond += (count - mean) ** 2 - mean
            squares += mean * mean
    return max(0.0, beyond / squares)


def _spread(mean: float, dispersion: float) -> float:
    return math.sqrt(mean + dispersion * mean * mean)


def _quantile(ordered: Sequence[float], level: float) -> float:
    """The smallest that at least so many of them, and the one to come, stay at or under."""
    place = math.ceil((len(ordered) + 1) * level)
    return ordered[min(place, len(ordered)) - 1]
