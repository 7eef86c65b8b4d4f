"""Which lane a case stands in: what was said by whom and what was found decide it, never who is accused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenhand.engine.triage.belief import AUTHOR_PRIOR
from evenhand.engine.triage.harm import CRITICAL, NORMAL, UNCONFIRMED, expected_harm
from tests.unit.engine.triage.test_harm import (
    CASES,
    HOUR,
    POLICIES,
    T0,
    TIMES,
    case,
    facts,
    harm,
    lawful,
    place,
    report,
    report_facts,
    signal,
)

GOOD = {"upheld": 3}
"""The least record that is surely better than what is assumed of everybody."""
FLAGGED = st.builds(report, st.just("flag"), policy=st.sampled_from(["spam", None, "threat"]), csam=st.just(True))
UNDER_CHILD_SAFETY = st.builds(report, st.just("flag"), policy=st.just("child"), dismissed=st.integers(0, 50))


@st.composite
def strangers(draw, policy="threat"):
    """A mob, or one: nobody of them has a decided report."""
    times = draw(st.lists(TIMES, min_size=1, max_size=250))
    return tuple(report(f"s{number}", policy=policy, at=at) for number, at in enumerate(times))


@lawful
@given(facts(), strangers())
def test_reporters_who_were_never_seen_do_not_open_the_critical_lane_however_many_whoever_the_target(target, mob):
    found = harm(replace(target, reports=mob, signals=()))
    assert (found.lane, found.policy) == (UNCONFIRMED, "threat")


@lawful
@given(facts(), strangers(), st.floats(AUTHOR_PRIOR, 1, exclude_min=True))
def test_a_signal_beside_them_opens_it(target, mob, chance):
    assert harm(replace(target, reports=mob, signals=(signal(policy="threat", probability=chance),))).lane == CRITICAL


@lawful
@given(facts(), strangers())
def test_one_reporter_with_a_good_record_beside_them_opens_it(target, mob):
    assert harm(replace(target, reports=(*mob, report("g", policy="threat", **GOOD)), signals=())).lane == CRITICAL


@lawful
@given(CASES, facts())
def test_who_is_accused_makes_no_difference(one, other):
    """Age, views, length, kind and the author's history are those of the target: none of them moves it to a lane."""
    assert harm(one).lane == harm(replace(other, reports=one.reports, signals=one.signals)).lane


@lawful
@given(st.permutations(["left", "right", "owners", "tenants"]), strangers())
def test_the_names_of_the_sides_make_no_difference(sides, mob):
    """Whoever reports whom: the same mob on either side stands at the same place."""
    places = []
    for accused, accuser in zip(sides, reversed(sides), strict=True):
        reports = [replace(one, reporter=f"{accuser} {one.reporter}") for one in mob]
        quote = signal(policy="spam", probability=0.1, quote=f"said by {accused}")
        places.append(place(case(*reports, signals=[quote])))
    assert len(set(places)) == 1


@lawful
@given(facts(), st.lists(report_facts(), max_size=9), FLAGGED | UNDER_CHILD_SAFETY)
def test_child_safety_needs_no_record_and_no_second_voice(target, others, one):
    found = harm(replace(target, reports=(*others, one)))
    assert found.lane == CRITICAL


@lawful
@given(facts())
def test_one_honest_report_of_a_threat_stands_before_all_that_is_not_critical(target):
    alone = case(report(policy="threat"), created_at=T0 - 48 * HOUR, text_length=10**5, media=9)
    if harm(target).lane == NORMAL:
        assert place(alone) > place(target)


def test_it_says_what_it_lacks():
    found = harm(case(report(policy="threat")))
    assert found.headline == "Threats, 31%: 1 reporter; would be critical if one with a good record said so"
    [told] = [term for term in found.terms if term.name == "lane"]
    assert told.value == UNCONFIRMED
    assert "if one reporter with a good record, or a signal, said so" in told.sentence


def test_among_those_a_mob_stands_little_before_one_voice():
    alone, mob = (harm(case(*(report(f"s{n}", policy="threat", at=T0 + n) for n in range(size)))) for size in (1, 300))
    assert alone.rank < mob.rank < alone.rank + 0.5


def test_such_a_case_fades_as_slowly_as_a_critical_one():
    yesterday = case(report(policy="threat", at=T0 - 20 * HOUR), created_at=T0 - 20 * HOUR)
    half_lives = [term.value for term in harm(yesterday).terms if term.name == "half_life"]
    assert half_lives == [24 * 60]


@pytest.mark.parametrize(("upheld", "dismissed"), [(1, 0), (2, 0), (3, 9), (0, 1)])
def test_a_record_that_is_short_or_mixed_is_not_a_good_one(upheld, dismissed):
    assert harm(case(report(policy="threat", upheld=upheld, dismissed=dismissed))).lane == UNCONFIRMED


@pytest.mark.parametrize("chance", [0.0, AUTHOR_PRIOR / 2, AUTHOR_PRIOR])
def test_a_signal_that_tells_nothing_new_is_no_second_voice(chance):
    assert (
        harm(case(report(policy="threat"), signals=[signal(policy="threat", probability=chance)])).lane == UNCONFIRMED
    )


def test_a_signal_for_another_policy_is_no_second_voice():
    assert harm(case(report(policy="threat"), signals=[signal(policy="spam", probability=0.9)])).lane == UNCONFIRMED


def test_a_child_safety_policy_of_the_normal_lane_stays_there_unless_the_flag_is_set():
    policies = POLICIES | {"child": replace(POLICIES["child"], lane="normal")}
    named, flagged = (case(report(policy="child", csam=csam)) for csam in (False, True))
    assert expected_harm(named, policies, T0).lane == NORMAL
    assert expected_harm(flagged, policies, T0).lane == CRITICAL
