"""What a reporter's word weighs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.triage.facts import ReportFact
from evenhand.engine.triage.reliability import BURST, MOST_VOICES, PRIOR, accuracy, burst_of, record, voice, voices

COUNTS = st.integers(0, 10_000)


def test_without_a_record_everybody_has_the_same_prior():
    assert accuracy(0, 0).mean == PRIOR


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_the_interval_holds_the_mean_and_lies_between_0_and_1(upheld, dismissed):
    found = accuracy(upheld, dismissed)
    assert 0 <= found.low < found.mean < found.high <= 1


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_being_right_raises_and_being_wrong_lowers(upheld, dismissed):
    now = accuracy(upheld, dismissed)
    assert accuracy(upheld + 1, dismissed).mean > now.mean > accuracy(upheld, dismissed + 1).mean


def test_the_interval_narrows_with_the_record():
    widths = [accuracy(3 * size, size) for size in (1, 10, 100, 1000)]
    assert sorted(widths, key=lambda found: found.low - found.high) == widths
    assert accuracy(7500, 2500).mean == pytest.approx(0.75, abs=0.001)


def test_a_burst_counts_as_little_more_than_one():
    assert voice(1) == 1
    assert voice(2) == pytest.approx(1.1)
    assert voice(10_000) == 1.3


def test_bursts_have_fixed_borders():
    assert burst_of(BURST - 1) != burst_of(BURST) == burst_of(2 * BURST - 1)


def test_all_bursts_together_count_as_three_at_most():
    assert voices([1]) == 1
    assert voices([1] * 100) == MOST_VOICES


@given(COUNTS)
def test_a_record_under_other_policies_alone_is_never_a_good_one(upheld):
    found = record(ReportFact(reporter="r", received_at=0, upheld_elsewhere=upheld))
    assert found.mean >= PRIOR
    assert found.low < PRIOR
    assert record(ReportFact(reporter="r", received_at=0, upheld=1, upheld_elsewhere=10_000)).low > PRIOR


def test_who_was_wrong_elsewhere_is_not_new_here():
    wolf = record(ReportFact(reporter="r", received_at=0, dismissed_elsewhere=40))
    assert wolf.mean == pytest.approx(accuracy(0, 40).mean)
