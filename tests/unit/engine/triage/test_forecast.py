"""Forecast by hour of week: its quantiles hold in weeks that it has not seen."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.triage.forecast import LEVELS, backtest, forecast


def poisson(chance, mean):
    if mean > 30:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    below, count = math.exp(-mean), 0
    product = chance.random()
    while product > below:
        product *= chance.random()
        count += 1
    return count


def weeks(number, seed, rate):
    """By day and week, with hours that vary more than by chance, and bursts of three hours tenfold."""
    chance, found, burst = random.Random(seed), [], 0
    for hour in range(number * 168):
        mean = rate * (1 + 0.8 * math.sin((hour % 24 - 8) / 24 * 2 * math.pi)) * (1.3 if hour % 168 >= 120 else 1)
        burst = 3 if chance.random() < 0.01 else max(0, burst - 1)
        found.append(poisson(chance, mean * chance.gammavariate(3, 1 / 3) * (10 if burst else 1)))
    return found


@pytest.mark.parametrize(("rate", "highest"), [(0.5, 0.06), (4, 0.03), (40, 0.03)])
def test_hours_to_come_stay_under_each_quantile_as_often_as_it_says(rate, highest):
    """5 histories of 8 weeks, each week forecast from those before: 5,040 hours. Where hours have a count of 0 or 1,
    more of them are at or under a level than it says; never fewer."""
    tests = [backtest(weeks(8, seed, rate)) for seed in range(5)]
    hours = sum(test.hours for test in tests)
    assert hours == 5 * 6 * 168
    for level in LEVELS[1:]:
        covered = sum(test.within[level] for test in tests) / hours
        assert level - 0.015 <= covered <= level + highest, level


def test_the_mean_follows_the_hour_of_the_week():
    made = forecast(weeks(8, 1, 20))
    assert made.means[14] > 3 * made.means[2]
    assert made.means[5 * 24 + 14] > made.means[14]
    assert sum(made.means) == pytest.approx(sum(weeks(8, 1, 20)) / 8, rel=0.02)


def test_few_weeks_are_drawn_towards_what_hours_and_days_say_together():
    """One hour that stood out in one of two weeks is not forecast as if it always did."""
    counts = [10] * 336
    counts[20] = 210
    assert 30 < forecast(counts).means[20] < 110


def test_an_hour_that_never_had_anything_is_not_forecast_to_be_empty_for_ever():
    made = forecast([0] * 336)
    assert min(made.means) > 0
    assert made.quantile(3, 0.99) < 1


@given(st.lists(st.integers(0, 500), min_size=336, max_size=504))
def test_a_higher_level_is_never_lower(counts):
    made = forecast(counts)
    for hour in range(0, 168, 12):
        told = [made.quantile(hour, level) for level in LEVELS]
        assert told == sorted(told)
        assert told[0] >= 0


def test_less_than_two_weeks_are_no_ground():
    with pytest.raises(ValueError, match="two whole weeks"):
        forecast([1] * 335)
    assert backtest([1] * 400) is None
