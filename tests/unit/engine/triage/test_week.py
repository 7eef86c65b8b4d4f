"""A week whose hours are not alike: what a roster loses, held against a simulation case by case."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.triage.alternatives import alternatives
from evenhand.engine.triage.staffing import expiring, steady
from evenhand.engine.triage.week import lost

OVER = expiring(80 / 60)
OFFICE = [int(36 <= slot % 96 < 60 and slot // 96 < 5) for slot in range(672)]
"""Monday to Friday, 9 to 15: 30 hours."""
CHECKS = [int(32 <= slot % 96 < 36 or 72 <= slot % 96 < 76) for slot in range(672)]
DAYS = [5 + 20 * (8 <= hour % 24 < 22) for hour in range(168)]
CAUGHT = {0.01: 0.3, 0.02: 0.5, 0.05: 0.7}


def simulated(arrivals, people, over, *, weeks=12, handled=42.0):
    """Case by case, by chance."""
    chance, moment, present, came, gone = random.Random(7), 0.0, 0, 0, 0
    while moment < 168 * (weeks + 1):
        hour = moment % 168
        coming, working = arrivals[int(hour)], min(present, people[int(hour * 4)])
        rate = coming + working * handled + (present - working) * over
        ahead = chance.expovariate(rate)
        change = math.floor(moment * 4) / 4 + 0.25
        if moment + ahead > change:
            moment = change
            continue
        moment += ahead
        what = chance.random() * rate
        if what < coming:
            present += 1
            came += moment > 168
        elif what < coming + working * handled:
            present -= 1
        else:
            present -= 1
            gone += moment > 168
    return gone / came


@pytest.mark.parametrize("people", [OFFICE, CHECKS, [1] * 672, [2 * one for one in OFFICE]])
@pytest.mark.parametrize("load", [0.5, 2.0])
def test_it_is_what_chance_gives(people, load):
    arrivals = [load * one for one in DAYS]
    assert lost(arrivals, people, over=OVER).lost == pytest.approx(simulated(arrivals, people, OVER), abs=0.02)


def test_where_nothing_changes_it_is_the_steady_state():
    for rate, people in ((30, 1), (84, 2), (84, 1)):
        week = lost([rate] * 168, [people] * 672, over=OVER)
        assert week.lost == pytest.approx(steady(rate, people, over=OVER).lost, abs=0.005)
        assert week.came == rate * 168


def test_a_desk_without_anybody_loses_everything_and_one_without_cases_nothing():
    assert lost(DAYS, [0] * 672, over=OVER).lost == pytest.approx(1, abs=1e-6)
    assert lost([0] * 168, OFFICE, over=OVER).lost == 0


def test_a_week_of_another_length_is_refused():
    with pytest.raises(ValueError, match="168 hours"):
        lost([1.0] * 24, OFFICE, over=OVER)


@given(st.lists(st.integers(0, 2), min_size=96, max_size=96), st.floats(0.1, 100))
@settings(max_examples=10)
def test_somebody_more_at_all_times_never_loses_more(day, rate):
    arrivals = [rate] * 168
    more = lost(arrivals, [one + 1 for one in day * 7], over=OVER).lost
    assert more <= lost(arrivals, day * 7, over=OVER).lost + 0.005


def test_office_hours_are_not_mended_by_more_people_but_by_other_hours_or_holds():
    found = alternatives(DAYS, OFFICE, most_lost=0.65, over=OVER, caught=CAUGHT)
    assert found.lost > 0.65
    assert (found.people, found.people_reach) == (2, False)
    assert found.people_lost < found.lost
    assert found.sittings_reach
    assert found.sittings.lost < 0.65
    assert found.sittings.count * found.sittings.minutes * 7 == pytest.approx(30 * 60, rel=0.01)
    assert (found.hold, found.hold_reach) == (0.01, True)
    assert found.hold_lost == pytest.approx(found.lost * (1 - 0.9 * 0.3))


def test_a_desk_that_is_always_there_and_too_small_needs_people():
    found = alternatives([84] * 168, [1] * 672, most_lost=0.1, over=OVER, caught={})
    assert (found.people, found.people_reach, found.around) == (2, True, 2)
    assert found.around_lost == found.people_lost < 0.1
    assert found.hold is None
    assert not found.sittings_reach


def test_what_is_enough_already_stays_as_it_is():
    found = alternatives([10] * 168, [1] * 672, most_lost=0.1, over=OVER, caught=CAUGHT)
    assert (found.people, found.people_reach, found.hold, found.sittings.count) == (1, True, 0.01, 1)


def test_no_hours_can_neither_be_doubled_nor_moved():
    found = alternatives([10] * 168, [0] * 672, most_lost=0.1, over=OVER, caught={})
    assert (found.people, found.people_reach, found.sittings) == (0, False, None)


def test_sittings_stay_within_the_hours_in_which_one_is_awake():
    found = alternatives(DAYS, OFFICE, most_lost=0.01, over=OVER, caught={}, awake=(7, 23)).sittings
    assert found.first >= 7 * 60
    assert found.first + found.apart * (found.count - 1) + found.minutes <= 23 * 60
