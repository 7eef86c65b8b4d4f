"""An order whose likelihoods are put right by decisions: told with its source, and bound by the same laws."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from evenhand.engine.model import Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage.calibration import Curve, fit
from evenhand.engine.triage.harm import CaseFacts, Model, ReportFact, expected_harm

MINUTE = 60_000_000
T0 = 1_750_000_000_000_000
POLICIES = {
    policy.id: policy
    for policy in (
        Policy(id="spam", name="Spam", harm=2),
        Policy(id="insult", name="Insults", harm=5),
        Policy(id="threat", name="Threats", harm=60, lane="critical"),
    )
}
OVERSTATED = fit([(n / 400, n % 20 == 0 and n > 100) for n in range(400)])


def signal(policy="spam", probability=0.5):
    return Signal(
        detector="terms", version="1", subject=Ref("post", "1"), event_id="0" * 32, at=T0, summary="Found",
        policy=policy, probability=probability,
    )  # fmt: skip


def harm(*reports, signals=(), curves=None):
    case = CaseFacts(created_at=T0, seen_at=T0, reports=reports, signals=tuple(signals))
    return expected_harm(case, POLICIES, T0 + MINUTE, Model(curves=curves or {}))


def term(found, name):
    return next(one for one in found.terms if one.name == name)


def test_the_rank_stands_on_what_decisions_say_and_the_case_tells_how_many():
    plain, right = harm(signals=[signal()]), harm(signals=[signal()], curves={"spam": OVERSTATED})
    said, meant = term(plain, "probability"), term(right, "probability")
    assert meant.value == pytest.approx(OVERSTATED.at(said.value))
    assert right.rank - plain.rank == pytest.approx(math.log2(meant.value / said.value))
    assert meant.source == "calibrated on 400 decisions"
    assert meant.figures["uncalibrated"] == said.value
    assert f"{meant.value:.0%}" in right.headline


def test_a_curve_of_another_policy_changes_nothing():
    assert harm(signals=[signal()], curves={"insult": OVERSTATED}).rank == harm(signals=[signal()]).rank


def test_no_curve_moves_a_case_out_of_the_critical_lane():
    found = harm(signals=[signal("threat", 0.4)], curves={"threat": OVERSTATED})
    assert found.lane == 0


curves = st.dictionaries(
    st.sampled_from(list(POLICIES)),
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=60, max_size=120)
    .map(lambda pairs: fit([*pairs, *[(0.2, False)] * 6, *[(0.9, True)] * 6]))
    .filter(lambda curve: curve is not None),
)
reports = st.lists(
    st.builds(
        ReportFact, reporter=st.sampled_from("abcdef"), policy=st.sampled_from([*POLICIES, None]),
        received_at=st.integers(0, 600).map(lambda minutes: T0 + minutes * MINUTE), upheld=st.integers(0, 9),
        dismissed=st.integers(0, 3),
    ),
    unique_by=lambda one: one.reporter, max_size=5,
)  # fmt: skip


@given(reports, curves)
def test_one_more_report_never_moves_a_case_down(made, curves_):
    places = []
    for count in range(len(made) + 1):
        found = harm(*made[:count], curves=curves_)
        places.append((-found.lane, found.rank))
    for before, after in pairwise(places[1:]):
        assert after[0] > before[0] or (after[0] == before[0] and after[1] >= before[1] - 1e-9)


@given(st.floats(0.01, 1), st.floats(0.01, 1), curves)
def test_of_two_cases_that_differ_in_likelihood_only_the_likelier_stands_first(one, other, curves_):
    low, high = sorted((one, other))
    weaker, stronger = (
        harm(signals=[signal(probability=low)], curves=curves_),
        harm(signals=[signal(probability=high)], curves=curves_),
    )
    assert stronger.rank >= weaker.rank


def test_what_was_kept_of_a_calibrated_case_says_what_the_model_itself_called_it():
    kept = harm(signals=[signal()], curves={"spam": OVERSTATED}).basis.policies[0]
    assert kept.uncalibrated == harm(signals=[signal()]).basis.policies[0].probability
    assert structs.replace(kept, probability=kept.uncalibrated) == harm(signals=[signal()]).basis.policies[0]


def test_a_curve_is_a_value_like_any_other_figure_of_the_model():
    assert Model(curves={"spam": Curve(1, (0.0, 1.0), (0.0, 0.5))}).curves["spam"].at(0.5) == 0.25
