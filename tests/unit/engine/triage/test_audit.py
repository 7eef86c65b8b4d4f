"""Which cases are audited."""

from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from evenhand.engine.triage.audit import HELD, LEAST_STAKE, UNHELD, UNLIKELY, drawn, inclusion, reference, stake
from evenhand.engine.triage.evidence import lift
from evenhand.engine.triage.licence import LOWEST

SECRET = b"of this desk"
PROBABILITIES = st.floats(0, 1)


@given(st.binary(min_size=1), st.text(), PROBABILITIES, PROBABILITIES)
def test_whoever_is_audited_stays_so_when_it_becomes_likelier(secret, case, one, other):
    low, high = sorted((one, other))
    assert drawn(secret, case, high) or not drawn(secret, case, low)


def test_so_many_are_audited_as_the_probability_says():
    count = 20_000
    for probability in (HELD, UNHELD, UNLIKELY):
        found = sum(drawn(SECRET, str(case), probability) for case in range(count))
        assert abs(found - count * probability) < 4 * sqrt(count * probability)


def test_another_secret_audits_others():
    mine = {case for case in range(2000) if drawn(SECRET, str(case), HELD)}
    theirs = {case for case in range(2000) if drawn(b"of another desk", str(case), HELD)}
    assert len(mine & theirs) < len(mine) / 3


def test_holds_and_what_scores_high_are_audited_most_and_the_unlikely_least():
    assert inclusion(0.9, held=True) == inclusion(0.8, held=False) > inclusion(0.79, held=True)
    assert inclusion(0.7, held=True) > inclusion(0.7, held=False) == inclusion(0.3, held=False)
    assert inclusion(0.3, held=False) > inclusion(0.1, held=False)


def test_the_graver_a_policy_the_more_of_its_cases_are_audited_and_the_mildest_are_not_forgotten():
    assert stake(20.0, 4.0) == 5.0
    assert stake(0.1, 4.0) == LEAST_STAKE
    assert inclusion(0.7, held=False, stake=3.0) == 3 * UNHELD
    assert inclusion(0.9, held=True, stake=1000.0) == 1.0


@given(st.floats(LOWEST, 1), st.floats(LOWEST, 1), st.booleans(), st.floats(LEAST_STAKE, 1000))
def test_of_what_a_score_covers_none_is_audited_less_often_than_the_reference_there(one, other, held, times):
    low, high = sorted((one, other))
    least = min(1.0, reference(times) * lift(low))
    assert inclusion(high, held=held, stake=times) >= least == inclusion(low, held=False, stake=times)
