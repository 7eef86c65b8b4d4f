"""Expected harm: the order of cases, its laws, and the arithmetic that is told."""

import math
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.engine.model import Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage.harm import (
    CRITICAL,
    NORMAL,
    CaseFacts,
    Harm,
    Model,
    ReportFact,
    expected_harm,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
T0 = 1_750_000_000 * SECOND
POLICIES = {
    policy.id: policy
    for policy in (
        Policy(id="spam", name="Spam", harm=2),
        Policy(id="insult", name="Insults", harm=5),
        Policy(id="threat", name="Threats", harm=60, lane="critical"),
        Policy(id="child", name="Child safety", harm=100, lane="critical", child_safety=True),
        Policy(id="old", name="Old rule", harm=900, lane="critical", retired=True),
    )
}


def report(by="bob", *, policy="spam", at=T0, **more):
    return ReportFact(reporter=by, policy=policy, received_at=at, **more)


def signal(detector="terms", *, policy="spam", probability=0.5, **evidence):
    return Signal(
        detector=detector, version="1", subject=Ref("post", "1"), event_id="0" * 32, at=T0, summary="Found",
        policy=policy, probability=probability, evidence=evidence,
    )  # fmt: skip


def case(*reports, signals=(), **more):
    return CaseFacts(**{"created_at": T0, "seen_at": T0, "reports": reports, "signals": tuple(signals)} | more)


def harm(facts, now=T0 + HOUR, **more):
    return expected_harm(facts, POLICIES, now, **more)


def place(facts, now=T0 + HOUR):
    """Where it stands: greater is earlier."""
    found = harm(facts, now)
    return -found.lane, found.rank


def probability(facts, policy="spam"):
    return next(one.probability for one in harm(facts).policies if one.id == policy)


RECORDS = st.tuples(st.integers(0, 30), st.integers(0, 30))
TIMES = st.integers(T0 - 3 * HOUR, T0 + HOUR)
WHO = st.integers(0, 40)
POLICY = st.sampled_from(["spam", "insult", "threat", "child", None])


@st.composite
def report_facts(draw, who=WHO):
    upheld, dismissed = draw(RECORDS)
    upheld_elsewhere, dismissed_elsewhere = draw(RECORDS)
    return report(
        f"r{draw(who)}",
        policy=draw(POLICY),
        at=draw(TIMES),
        upheld=upheld,
        dismissed=dismissed,
        upheld_elsewhere=upheld_elsewhere,
        dismissed_elsewhere=dismissed_elsewhere,
        csam=draw(st.integers(0, 20)) == 0,
    )


SIGNALS = st.builds(
    signal, st.sampled_from(["terms", "links", "duplicate"]), policy=POLICY, probability=st.floats(0, 1)
)


@st.composite
def facts(draw):
    upheld, dismissed = draw(RECORDS)
    return CaseFacts(
        kind=draw(st.sampled_from(["content", "content", "user", "thread"])),
        views=draw(st.none() | st.integers(0, 10**7)),
        created_at=draw(st.none() | TIMES),
        seen_at=draw(TIMES),
        text_length=draw(st.integers(0, 10**5)),
        media=draw(st.integers(0, 9)),
        reports=tuple(draw(st.lists(report_facts(), max_size=12, unique_by=lambda one: one.reporter))),
        signals=tuple(draw(st.lists(SIGNALS, max_size=4))),
        author_upheld=upheld,
        author_dismissed=dismissed,
    )


CASES = facts()
lawful = settings(deadline=None, max_examples=60)


@lawful
@given(CASES)
def test_the_rank_is_the_arithmetic_that_is_told(one):
    found = harm(one)
    told = {term.name: term.value for term in found.terms}
    per_second = told["probability"] * told["harm"] * told["reach"] / told["handling"]
    assert found.rank == pytest.approx(
        math.log2(per_second) + told["reach_at"] / (told["half_life"] * MINUTE), abs=1e-6
    )


@lawful
@given(CASES, CASES, st.integers(0, 30 * 24 * HOUR))
def test_the_order_of_stored_ranks_is_that_of_what_waiting_costs_at_any_later_time(one, other, later):
    ranks = [harm(one), harm(other)]
    if ranks[0].lane != ranks[1].lane:
        return
    costs = [cost_of_waiting(found, T0 + HOUR + later) for found in ranks]
    assert math.isclose(costs[0] - costs[1], ranks[0].rank - ranks[1].rank, abs_tol=1e-6)


def cost_of_waiting(found: Harm, at: int) -> float:
    """log2 of the expected harm for each second of handling, from the terms alone, with reach decayed until `at`."""
    told = {term.name: term.value for term in found.terms}
    left = math.log2(told["reach"]) - (at - told["reach_at"]) / (told["half_life"] * MINUTE)
    return math.log2(told["probability"] * told["harm"] / told["handling"]) + left


@lawful
@given(CASES, report_facts(who=st.integers(100, 140)))
def test_one_more_report_never_lowers_a_case(one, more):
    assert place(msgspec.structs.replace(one, reports=(*one.reports, more))) >= place(one)


@lawful
@given(CASES, SIGNALS)
def test_one_more_signal_never_lowers_a_case(one, more):
    assert place(msgspec.structs.replace(one, signals=(*one.signals, more))) >= place(one)


@lawful
@given(CASES, st.data())
def test_a_better_record_of_a_reporter_never_lowers_a_case(one, data):
    if not one.reports:
        return
    at = data.draw(st.integers(0, len(one.reports) - 1))
    what, more = data.draw(st.sampled_from(["upheld", "upheld_elsewhere"])), data.draw(st.integers(1, 20))
    better = msgspec.structs.replace(one.reports[at], **{what: getattr(one.reports[at], what) + more})
    reports = (*one.reports[:at], better, *one.reports[at + 1 :])
    assert place(msgspec.structs.replace(one, reports=reports)) >= place(one)


@lawful
@given(CASES, st.integers(1, 10**6))
def test_more_views_never_lower_a_case(one, more):
    seen = msgspec.structs.replace(one, views=(one.views or 0) + more)
    assert place(seen) >= place(msgspec.structs.replace(one, views=one.views or 0))


@lawful
@given(CASES, st.permutations(range(12)))
def test_the_order_in_which_reports_came_in_makes_no_difference(one, order):
    shuffled = tuple(one.reports[at] for at in order if at < len(one.reports))
    assert harm(msgspec.structs.replace(one, reports=shuffled)).rank == pytest.approx(harm(one).rank)


@lawful
@given(CASES)
def test_every_case_has_a_place_and_says_why(one):
    found = harm(one)
    assert math.isfinite(found.rank)
    assert found.headline
    assert all(term.source and term.sentence for term in found.terms)
    assert all(0 < policy.probability <= 1 for policy in found.policies)
    assert found.policy == next(policy.id for policy in found.policies if policy.id == found.policy)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Harm) == found


def test_a_reporter_known_to_be_wrong_adds_less_than_one_known_to_be_right():
    bad, unknown, good = (case(report(upheld=right, dismissed=wrong)) for right, wrong in [(0, 20), (0, 0), (20, 1)])
    assert place(bad) < place(unknown) < place(good)
    assert probability(bad) < 0.08
    assert probability(good) > 0.8


def test_reporters_with_a_good_record_count_one_by_one():
    chances = [probability(case(*(report(f"r{n}", upheld=9, dismissed=3) for n in range(size)))) for size in (1, 2, 3)]
    assert chances[0] < chances[1] < chances[2]
    assert chances[2] > 0.9


def test_a_burst_of_unknown_reporters_counts_little_more_than_one():
    alone = probability(case(report()))
    burst = probability(case(*(report(f"r{n}", at=T0 + n * SECOND) for n in range(200))))
    assert alone < burst < alone + 0.1


def test_unknown_reporters_who_go_on_for_days_count_as_three_at_most():
    patient = case(*(report(f"r{n}", at=T0 - n * HOUR) for n in range(100)))
    assert probability(patient) < 0.7


@lawful
@given(st.integers(1, 200), st.integers(1, 20), st.integers(0, 48 * 60), st.integers(0, 48 * 60))
def test_a_mob_of_unreliable_reporters_does_not_outrank_one_credible_critical_report(size, gap, mob_minutes, minutes):
    now = T0 + 49 * HOUR
    start = T0 + mob_minutes * MINUTE
    mob = [report(f"m{n}", policy="threat", at=min(now, start + n * gap * SECOND), dismissed=5) for n in range(size)]
    credible = case(
        report(policy="threat", upheld=9, dismissed=1, at=T0 + minutes * MINUTE), seen_at=T0 + minutes * MINUTE
    )
    assert place(case(*mob, created_at=start), now) < place(credible, now)


@lawful
@given(st.integers(1, 200))
def test_not_even_when_the_mob_cries_child_abuse(size):
    mob = [report(f"m{n}", policy="child", csam=True, dismissed=5, at=T0 + n * SECOND) for n in range(size)]
    credible = report(policy="child", csam=True, upheld=9, dismissed=1)
    assert harm(case(*mob)).lane == harm(case(credible)).lane == 0
    assert place(case(*mob)) < place(case(credible))


def test_a_critical_policy_that_is_likely_enough_comes_before_everything_else():
    viral = case(report(policy="insult", upheld=50), views=10**7)
    threat = case(report(policy="threat", upheld=3))
    assert harm(threat).lane == CRITICAL
    assert place(threat) > place(viral)
    assert harm(threat).policy == "threat"


def test_a_critical_policy_that_is_unlikely_stays_in_the_normal_lane():
    assert harm(case(report(policy="threat", dismissed=9))).lane == NORMAL


def test_a_report_of_child_abuse_is_critical_whoever_makes_it():
    found = harm(case(report(policy="spam", csam=True, dismissed=50)))
    assert (found.lane, found.policy) == (0, "child")


def test_without_a_child_safety_policy_such_a_report_is_critical_all_the_same():
    found = expected_harm(case(report(csam=True)), {"spam": POLICIES["spam"]}, T0)
    assert (found.lane, found.policy) == (0, "spam")


@pytest.mark.parametrize("policy", [None, "unknown", "old"])
def test_a_report_under_no_policy_in_use_weighs_the_median_and_proposes_none(policy):
    found = harm(case(report(policy=policy)))
    assert (found.lane, found.policy) == (NORMAL, None)
    assert next(term.value for term in found.terms if term.name == "harm") == 3.5


def test_a_case_without_any_evidence_has_a_place():
    found = expected_harm(case(), {}, T0)
    assert (found.lane, found.policy, found.headline) == (NORMAL, None, "No policy named, 2%: nothing speaks for it")


def test_a_signal_speaks_for_each_policy_in_its_evidence():
    found = harm(case(signals=[signal(policies={"spam": 0.5, "insult": 0.4})]))
    assert {one.id for one in found.policies} == {"spam", "insult"}
    assert found.policy == "insult"


def test_the_same_detector_twice_is_no_second_witness():
    once, twice = case(signals=[signal()]), case(signals=[signal(), signal()])
    assert probability(once) == probability(twice) < probability(case(signals=[signal(), signal("links")]))


def test_an_author_with_decided_cases_makes_it_likelier():
    ranks = [place(case(report(), author_upheld=upheld, author_dismissed=10 - upheld)) for upheld in range(11)]
    assert all(before < after for before, after in pairwise(ranks))


def test_what_takes_longer_to_decide_comes_later():
    quick, long, video = case(report()), case(report(), text_length=1000), case(report(), media=1)
    assert place(quick) > place(long)
    assert place(quick) > place(video)


def test_an_old_post_that_is_reported_now_is_still_seen():
    old = case(report(at=T0), created_at=T0 - 1000 * HOUR)
    assert place(case(report(at=T0))) > place(old) > place(case(report(at=T0 - 10 * HOUR), created_at=T0 - 1000 * HOUR))


def test_clocks_that_run_ahead_give_no_advantage():
    now = T0 + HOUR
    assert place(case(report(), created_at=now + 99 * HOUR)) == place(case(report(), created_at=now))


def test_the_arithmetic_of_reports_is_told():
    found = harm(case(report("a", upheld=9, dismissed=1), *(report(f"m{n}", at=T0 + n) for n in range(40))))
    sentence = next(term.sentence for term in found.terms if term.name == "reports")
    assert "41 reporters: 1 with a good record and 40 without one, who count as 1.3" in sentence
    [alone] = [term.sentence for term in harm(case(report())).terms if term.name == "reports"]
    assert "1 reporter: 1 without a good record, who count as 1.0" in alone


@pytest.mark.parametrize(
    ("one", "other"), [("left", "right"), ("believers", "atheists"), ("women", "men"), ("migrants", "locals")]
)
def test_sides_of_a_political_line_get_the_same_rank(one, other):
    """Nothing that names a side goes into the order: the facts of both are the same."""
    sides = [case(report(), signals=[signal(quote=f"all {side} lie")], text_length=20) for side in (one, other)]
    assert place(sides[0]) == place(sides[1])


def test_the_model_can_be_fitted_to_a_platform():
    slow = Model(half_life=24 * HOUR)
    fresh, yesterday = (
        case(report(at=T0 - 30 * HOUR)),
        case(report(policy="insult", at=T0 - 30 * HOUR), created_at=T0 - 24 * HOUR),
    )
    assert harm(fresh).rank > harm(yesterday).rank
    assert harm(fresh, model=slow).rank < harm(yesterday, model=slow).rank
