"""What is held."""

import math

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from evenhand.engine.platform import Policy
from evenhand.engine.triage.harm import CaseFacts, ReportFact, expected_harm
from evenhand.engine.triage.holds import Budget, Candidate, covers, lead, least_worth, place, reason, worth
from evenhand.engine.triage.lane import CRITICAL, NORMAL, UNCONFIRMED
from evenhand.engine.triage.licence import Licence

LICENCE = Licence(score=0.88, limit=0.05, nearest=0.88, audited=212, wrong=3, bound=0.046, once=0.036)
NONE = Licence(score=None, limit=0.05, nearest=0.95)
POLICIES = ("threat", "spam", "other")
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        case=st.uuids().map(str),
        policy=st.sampled_from(POLICIES),
        score=st.floats(0, 1),
        lane=st.sampled_from([CRITICAL, UNCONFIRMED, NORMAL]),
        rank=st.floats(-50, 50),
        dismissed=st.booleans(),
    ),
    max_size=40,
)
BUDGETS = st.builds(Budget, share=st.floats(0, 1), items=st.integers(0, 2000), held=st.integers(0, 50))


def candidate(case, **more):
    return Candidate(case=case, policy="spam", score=0.93, **more)


def test_one_that_reaches_the_licensed_score_is_held():
    budget = {"spam": Budget(share=0.02, items=1000, held=0)}
    assert place([candidate("a")], {"spam": LICENCE}, budget) == [candidate("a")]
    assert place([candidate("a")], {"spam": NONE}, budget) == []
    assert place([candidate("a")], {}, budget) == []
    assert place([candidate("a")], {"spam": LICENCE}, {}) == []


def test_what_a_person_let_go_of_is_not_held_again():
    assert not covers(LICENCE, candidate("a", dismissed=True))


def test_the_critical_lane_comes_first_and_has_the_end_of_the_budget_for_itself():
    budget = {"spam": Budget(share=0.01, items=1000, held=8)}
    many = [candidate("n1", rank=90.0), candidate("n2", rank=80.0), candidate("c", lane=CRITICAL)]
    assert [one.case for one in place(many, {"spam": LICENCE}, budget)] == ["c"]
    assert [one.case for one in place(many[:2], {"spam": LICENCE}, budget)] == ["n1"]
    spent = {"spam": Budget(share=0.01, items=1000, held=9)}
    assert [one.case for one in place(many, {"spam": LICENCE}, spent)] == ["c"]


@given(CANDIDATES, BUDGETS)
def test_no_budget_is_exceeded_and_nothing_without_a_licence_is_held(many, budget):
    held = place(many, {"spam": LICENCE, "threat": NONE}, dict.fromkeys(POLICIES, budget))
    assert all(one.policy == "spam" and one.score >= 0.88 and not one.dismissed for one in held)
    assert not held or budget.held + len(held) <= budget.whole


def test_what_all_policies_may_hold_goes_to_the_worst_of_any():
    own, licences = Budget(share=0.02, items=1000, held=0), {"spam": LICENCE, "threat": LICENCE}
    together = Budget(share=0.02, items=1000, held=17, worth=3.0)
    many = [
        candidate("mild", rank=9.0, worth=2.0),
        candidate("worse", rank=8.0, worth=4.0),
        structs.replace(candidate("worst", rank=7.0, worth=5.0), policy="threat"),
    ]
    assert [one.case for one in place(many, licences, dict.fromkeys(POLICIES, own))] == ["worst", "worse", "mild"]
    assert [one.case for one in place(many, licences, dict.fromkeys(POLICIES, own), together)] == ["worst"]


@given(CANDIDATES, BUDGETS, BUDGETS)
def test_all_policies_together_hold_no_more_than_they_may(many, own, together):
    licences, budgets = dict.fromkeys(POLICIES, LICENCE), dict.fromkeys(POLICIES, own)
    held = place(many, licences, budgets, together)
    assert not held or together.held + len(held) <= together.whole
    assert {one.case for one in held} <= {one.case for one in many if covers(LICENCE, one)}


@given(st.floats(1, 1000), st.floats(1, 1000))
def test_how_long_a_case_takes_to_decide_says_nothing_of_what_a_hold_averts(seconds, other):
    case = expected_harm(CaseFacts(seen_at=0), {}, 60_000_000)
    quick, slow = (structs.replace(case.basis, seconds=one) for one in (seconds, other))
    ranks = [case.rank + math.log2(case.basis.seconds / one) for one in (seconds, other)]
    of_quick, of_slow = (worth(one, rank, 60_000_000, 10**9) for one, rank in zip((quick, slow), ranks, strict=True))
    assert math.isclose(of_quick, of_slow, abs_tol=1e-9)


@given(CANDIDATES, BUDGETS)
def test_the_order_in_which_cases_are_given_makes_no_difference(many, budget):
    licences, budgets = {"spam": LICENCE}, {"spam": budget}
    assert place(many, licences, budgets) == place(many[::-1], licences, budgets)


def test_a_hold_tells_what_its_licence_stood_on():
    assert reason(candidate("a"), LICENCE) == (
        "held: 0.93 ≥ 0.88; 3 of 212 audited of this policy were wrong to hold (at most 4.6%, limit 5.0%)"
    )


def test_where_the_budget_does_not_reach_for_all_that_is_covered_it_goes_to_what_does_the_most_harm():
    budget = {"spam": Budget(share=0.02, items=1000, held=0, worth=3.0)}
    found = place([candidate("low", worth=2.9), candidate("high", worth=3.1)], {"spam": LICENCE}, budget)
    assert [one.case for one in found] == ["high"]


@given(st.lists(st.floats(-50, 50), unique=True), st.integers(0, 60))
def test_as_many_are_worth_a_hold_as_the_budget_reaches_for(recent, most):
    least = least_worth(recent, most)
    assert sum(one >= least for one in recent) == min(most, len(recent))


def test_the_score_of_a_case_is_how_likely_it_breaks_the_policy_that_it_proposes():
    report = ReportFact(reporter="bob", policy="spam", received_at=0)
    policies = {"spam": Policy(id="spam", name="Spam", harm=2)}
    found = expected_harm(CaseFacts(seen_at=0, reports=(report,)), policies, 60_000_000)
    assert lead(found) == ("spam", found.basis.policies[0].uncalibrated)
    assert lead(expected_harm(CaseFacts(seen_at=0), policies, 60_000_000))[0] == ""
