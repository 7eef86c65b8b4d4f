"""What audits are evidence of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.triage.evidence import Audited, bound, clopper_pearson, grow, once, start, worth

LIMITS = st.floats(0.01, 0.5)
WEIGHTS = st.floats(0.1, 1)


def audits(wrong, right, inclusion=0.05):
    """The wrong ones first: the worst order for who bets that there are none."""
    return [Audited(0.9, True, inclusion)] * wrong + [Audited(0.9, False, inclusion)] * right


@pytest.mark.parametrize(
    ("wrong", "count", "known"),
    [(0, 59, 0.0495), (3, 212, 0.0362), (0, 1, 0.95), (1, 10, 0.3942), (5, 10, 0.7776), (10, 1000, 0.0169)],
)
def test_clopper_and_pearsons_bound_is_that_of_their_tables(wrong, count, known):
    assert clopper_pearson(wrong, count) == pytest.approx(known, abs=0.00006)


def test_where_all_were_wrong_nothing_is_ruled_out():
    assert clopper_pearson(5, 5) == 1
    assert once([]) == 1
    assert bound([], 0.05, 0.1) == 1


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 300), LIMITS)
def test_to_be_right_at_every_look_costs_more_than_to_be_right_at_one(right, limit):
    assert bound(audits(0, right), 0.05, limit) > once(audits(0, right))


@settings(deadline=None)
@given(LIMITS, WEIGHTS, st.floats(0, 1), st.integers(0, 2**32))
def test_who_bets_against_the_truth_does_not_grow_richer_in_the_mean(limit, weight, above, seed):
    wealth = np.random.default_rng(seed).exponential(size=16)
    true = limit + (1 - limit) * above
    after = 0.0
    for wrong, chance in ((True, true), (False, 1 - true)):
        grown = wealth.copy()
        grow(grown, limit, wrong, weight)
        after += chance * float(worth(grown))
    assert after <= float(worth(wealth)) * (1 + 1e-9)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10), st.integers(0, 300), LIMITS)
def test_the_bound_is_under_the_limit_just_where_the_wealth_says_so(wrong, right, limit):
    wealth = start()
    for one in audits(wrong, right):
        grow(wealth, limit, one.wrong, 1.0)
    assert (bound(audits(wrong, right), 0.05, limit) <= limit) == (float(worth(wealth)) >= 20)


def test_an_audit_that_was_twice_as_likely_says_less():
    seldom, often = bound(audits(0, 100), 0.05, 0.05), bound(audits(0, 100, inclusion=0.1), 0.05, 0.05)
    assert seldom < 0.05 < often


def test_a_long_good_past_does_not_pay_for_a_bad_present():
    wealth = start()
    for _ in range(10_000):
        grow(wealth, 0.05, False, 1.0)
    for _ in range(8):
        grow(wealth, 0.05, True, 1.0)
    assert float(worth(wealth)) < 20
