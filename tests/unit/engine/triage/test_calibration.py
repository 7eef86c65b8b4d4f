"""Whether what is called likely is so, and what is made of it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.triage.calibration import FEWEST, Curve, fit, measure

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=200)


def history(count, truth, seed):
    """`count` decisions on what was called likely at random, of which `truth(said)` turned out so."""
    draw = random.Random(seed)
    said = [draw.random() for _ in range(count)]
    return [(one, draw.random() < truth(one)) for one in said]


def test_who_is_right_about_every_case_has_no_error():
    found = measure([(1.0, True)] * 30 + [(0.0, False)] * 30)
    assert (found.brier, found.ece, found.decided) == (0, 0, 60)
    assert [(one.said, one.share, one.decided) for one in found.bins] == [(0, 0, 30), (1, 1, 30)]


def test_the_errors_are_those_of_the_formulas():
    found = measure([(0.9, True), (0.9, False), (0.2, False), (0.2, False)])
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.04 + 0.04) / 4)
    assert found.ece == pytest.approx((0.4 + 0.2) / 2)


def test_each_bin_has_its_interval_and_count():
    [one] = measure([(0.85, True)] * 8 + [(0.85, False)] * 2).bins
    assert one.low < one.share == 0.8 < one.high
    assert one.decided == 10


@given(PAIRS)
def test_shares_and_their_intervals_lie_between_0_and_1(pairs):
    for one in measure(pairs).bins:
        assert 0 <= one.low <= one.share + 1e-9
        assert one.share - 1e-9 <= one.high <= 1


def test_nothing_decided_is_no_error_and_no_curve():
    assert measure([]).decided == 0
    assert fit([]) is None


def test_too_few_of_one_outcome_make_no_curve():
    assert fit([(0.5, True)] * FEWEST) is None
    assert fit([(0.5, True)] * (FEWEST - 6) + [(0.5, False)] * 6) is not None


def test_a_curve_brings_an_overconfident_model_nearer_to_what_was_decided_later():
    def truth(said):
        return said**2 / 2

    curve = fit(history(600, truth, seed=1))
    later = history(600, truth, seed=2)
    before, after = measure(later), measure([(curve.at(said), true) for said, true in later])
    assert after.ece < before.ece / 2
    assert after.brier < before.brier


def test_few_decisions_move_it_less_than_many():
    few, many = fit(history(60, lambda _: 0.2, seed=3)), fit(history(5000, lambda _: 0.2, seed=3))
    assert 0.9 > few.at(0.9) > many.at(0.9)
    assert many.at(0.9) == pytest.approx(0.2, abs=0.05)


@settings(deadline=None)
@given(PAIRS, st.floats(0, 1), st.floats(0, 1))
def test_a_curve_keeps_every_order(pairs, one, other):
    curve = fit(pairs)
    if curve is None:
        return
    low, high = sorted((one, other))
    assert 0 <= curve.at(low) <= curve.at(high) <= 1
    if high - low > 1e-9:
        assert curve.at(low) < curve.at(high)


def test_between_its_points_a_curve_is_straight():
    curve = Curve(100, (0.0, 0.5, 1.0), (0.0, 0.2, 0.8))
    assert [curve.at(said) for said in (0, 0.25, 0.5, 0.75, 1)] == pytest.approx([0, 0.1, 0.2, 0.5, 0.8])


@given(PAIRS, PAIRS)
def test_whose_cases_were_decided_first_makes_no_difference(ours, theirs):
    assert fit(ours + theirs) == fit(theirs + ours)
    assert measure(ours + theirs) == measure(theirs + ours)


def test_a_case_of_which_two_people_differ_is_half_of_each():
    split = measure([(0.8, 0.5)] * 10)
    both = measure([(0.8, True), (0.8, False)] * 5)
    assert (split.brier, split.ece) == pytest.approx((both.brier, both.ece))
    assert (split.bins[0].share, split.bins[0].low) == pytest.approx((both.bins[0].share, both.bins[0].low))
    certain = [(0.1, False)] * 40 + [(0.9, True)] * 40
    doubted = [(0.1, False)] * 40 + [(0.9, 0.5)] * 40
    assert fit(doubted).at(0.9) < fit(certain).at(0.9)
