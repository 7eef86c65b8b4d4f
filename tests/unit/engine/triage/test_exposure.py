"""The half-life of reach, from the platform's own view counts."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.triage.exposure import ASSUMED, LONGEST, NONE, SHORTEST, Count, fit, of_item

MINUTE = 60_000_000
HOUR = 60 * MINUTE


def counts(half_life, ages, views=10_000):
    return [Count(age, round(views * (1 - 2 ** (-age / half_life)))) for age in ages]


@pytest.mark.parametrize("half_life", [20 * MINUTE, 80 * MINUTE, 8 * HOUR, 48 * HOUR])
def test_the_half_life_of_an_item_follows_from_two_of_its_counts(half_life):
    told = counts(half_life, [half_life // 2, 2 * half_life])
    assert of_item(told) == pytest.approx(half_life, rel=0.01)


@pytest.mark.parametrize(
    "told",
    [
        [],
        [Count(HOUR, 500)],
        [Count(HOUR, 500), Count(HOUR, 600)],
        [Count(HOUR, 2), Count(2 * HOUR, 3)],
        [Count(-HOUR, 5), Count(2 * HOUR, 300)],
    ],
)
def test_items_that_were_counted_once_or_hardly_seen_or_before_they_were_there_tell_nothing(told):
    assert of_item(told) is None


def test_without_counts_it_is_the_published_one_and_says_so():
    assert fit([]) == NONE
    assert (NONE.value, NONE.items, NONE.fitted) == (ASSUMED, 0, False)


def test_a_few_items_move_it_a_little_and_many_all_the_way():
    told = counts(8 * HOUR, [4 * HOUR, 16 * HOUR])
    few, many = fit([told] * 5), fit([told] * 5_000)
    assert ASSUMED < few.value < 2 * ASSUMED
    assert many.value == pytest.approx(8 * HOUR, rel=0.03)


def test_items_that_differ_a_lot_are_fitted_to_their_middle_within_the_interval():
    chance = Random(4)
    made = []
    for _ in range(2_000):
        own = 8 * HOUR * math.exp(chance.gauss(0, 0.7))
        made.append(counts(own, [int(own * chance.uniform(0.1, 0.9)), int(own * chance.uniform(1, 3))]))
    found = fit(made)
    assert found.low < 8 * HOUR * 0.98 < found.high or found.low < 8 * HOUR < found.high
    assert found.value == pytest.approx(8 * HOUR, rel=0.08)


def test_the_interval_holds_the_true_half_life_about_as_often_as_it_says():
    chance = Random(5)
    held = 0
    for _ in range(200):
        made = []
        for _ in range(400):
            own = ASSUMED * math.exp(chance.gauss(0, 0.7))
            made.append(counts(own, [own / 2, own * 2]))
        found = fit(made)
        held += found.low <= ASSUMED <= found.high
    assert held >= 180


@given(st.lists(st.builds(Count, st.integers(-HOUR, 10**13), st.integers(0, 10**9)), max_size=6))
def test_whatever_is_counted_the_half_life_stays_within_its_limits(told):
    found = fit([told])
    assert SHORTEST <= found.low <= found.value <= found.high <= LONGEST


@given(st.integers(1, 500), st.integers(501, 1_000), st.integers(1, 400))
def test_more_views_early_make_it_shorter(early, late, more):
    slow, fast = [Count(HOUR, early), Count(4 * HOUR, late)], [Count(HOUR, early + more), Count(4 * HOUR, late)]
    assert of_item(fast) <= of_item(slow)
