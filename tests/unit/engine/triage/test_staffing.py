"""People as servers, the half-life of reach as patience: the steady state, and what laws hold of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.triage.staffing import expiring, needed, steady

TABLE = {
    30: (0.025, 0.002, 0, 0),
    42: (0.079, 0.004, 0, 0),
    84: (0.50, 0.056, 0.001, 0),
    210: (0.80, 0.60, 0.20, 0.001),
    420: (0.90, 0.80, 0.60, 0.20),
}
"""Cases an hour → share lost with 1, 2, 4, 8 people: specs/triage.md §4.5, at 42 handled and .52 over an hour."""
rates = st.floats(0.01, 2000)
teams = st.integers(0, 40)


@pytest.mark.parametrize(("arrivals", "expected"), TABLE.items())
def test_it_loses_what_the_table_of_the_research_says(arrivals, expected):
    for people, share in zip((1, 2, 4, 8), expected, strict=True):
        assert steady(arrivals, people, over=0.52).lost == pytest.approx(share, abs=0.0051)


def test_eighty_minutes_of_half_life_are_052_an_hour():
    assert expiring(80 / 60) == pytest.approx(0.52, abs=0.001)


def test_with_as_much_patience_as_handling_it_is_a_queue_without_a_limit_whose_answer_is_known():
    """M/M/∞: cases present are Poisson, whatever the number of people."""
    found = steady(50, 3, handled=10, over=10)
    assert found.present == pytest.approx(5)
    waiting = math.fsum((n - 3) * math.exp(-5) * 5**n / math.factorial(n) for n in range(4, 60))
    assert found.waiting == pytest.approx(waiting)


def test_nobody_loses_everything_and_an_empty_desk_loses_nothing():
    assert steady(10, 0, over=0.5).lost == pytest.approx(1)
    assert steady(0, 3, over=0.5).lost == 0


@given(rates, teams, st.floats(0.01, 10))
def test_what_comes_is_decided_or_over(arrivals, people, over):
    found = steady(arrivals, people, over=over)
    assert 0 <= found.lost <= 1
    assert found.busy * people * 42 + over * found.waiting == pytest.approx(arrivals, rel=1e-6)


@given(rates, teams, st.floats(0.01, 10))
def test_one_more_person_never_loses_more(arrivals, people, over):
    assert steady(arrivals, people + 1, over=over).lost <= steady(arrivals, people, over=over).lost + 1e-9


@given(st.floats(1, 2000), st.floats(0.01, 0.5))
def test_the_people_needed_are_enough_and_one_less_is_not(arrivals, most):
    people = needed(arrivals, most, over=0.52)
    assert steady(arrivals, people, over=0.52).lost < most
    assert steady(arrivals, people - 1, over=0.52).lost >= most


def test_what_no_crowd_can_do_is_said():
    assert needed(1e6, 0.1, over=0.52, most=10) is None


@pytest.mark.parametrize("wrong", [{"arrivals": -1, "people": 1, "over": 1}, {"arrivals": 1, "people": 1, "over": 0}])
def test_rates_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="more than 0"):
        steady(**wrong)
