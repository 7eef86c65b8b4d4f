"""Many cases at once: the same places as one by one, under any document and half-life; and a board that moves one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from evenhand.engine.model import Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage import bulk
from evenhand.engine.triage.basis import rules
from evenhand.engine.triage.board import Board
from evenhand.engine.triage.harm import CaseFacts, Model, ReportFact, expected_harm
from evenhand.engine.triage.place import place

MINUTE = 60_000_000
HOUR = 60 * MINUTE
T0 = 1_750_000_000_000_000
IDS = ("spam", "insult", "threat", "child")


def document(harms, critical, *, child=True):
    return {
        name: Policy(id=name, name=name, harm=harm, lane="critical" if name in critical else "normal",
                     child_safety=child and name == "child")
        for name, harm in zip(IDS, harms, strict=True)
    }  # fmt: skip


times = st.integers(0, 72 * 60).map(lambda minutes: T0 - minutes * MINUTE)
reports = st.builds(
    ReportFact, reporter=st.sampled_from("abcdefgh"), policy=st.sampled_from([*IDS, None]), csam=st.booleans(),
    received_at=times, upheld=st.integers(0, 9), dismissed=st.integers(0, 30),
)  # fmt: skip
signals = st.builds(
    Signal, detector=st.sampled_from(["terms", "links"]), version=st.just("1"), subject=st.just(Ref("post", "1")),
    event_id=st.just("0" * 32), at=times, summary=st.just("Found"), policy=st.sampled_from(IDS),
    probability=st.floats(0.01, 1),
)  # fmt: skip
facts = st.builds(
    CaseFacts, kind=st.sampled_from(["content", "user"]), views=st.none() | st.integers(0, 10**6),
    created_at=st.none() | times, seen_at=times, text_length=st.integers(0, 5000), media=st.integers(0, 6),
    reports=st.lists(reports, max_size=5).map(tuple), signals=st.lists(signals, max_size=2).map(tuple),
    author_upheld=st.integers(0, 9), author_dismissed=st.integers(0, 9),
)  # fmt: skip
documents = st.builds(
    document, st.tuples(*[st.floats(0.1, 100)] * 4), st.sets(st.sampled_from(IDS)), child=st.booleans()
)
models = st.builds(
    Model, half_life=st.integers(5, 60 * 24 * 30).map(lambda minutes: minutes * MINUTE), floor=st.floats(0.05, 0.5)
)


@given(st.lists(facts, min_size=1, max_size=8), documents, documents, models)
def test_what_was_kept_ranks_a_case_under_another_document_and_half_life_as_it_would_be_ranked_anew(
    cases, old, new, model
):
    kept = [expected_harm(case, old, T0).basis for case in cases]
    if rules(old).children != rules(new).children:
        new = {name: structs.replace(policy, child_safety=old[name].child_safety) for name, policy in new.items()}
    anew = [expected_harm(case, new, T0, model) for case in cases]
    found = bulk.places(bulk.columns(kept), new, model)
    assert found.lane.tolist() == [one.lane for one in anew]
    assert found.rank == pytest.approx([one.rank for one in anew], rel=1e-12)


@given(st.lists(facts, min_size=1, max_size=8), documents, models)
def test_one_by_one_and_all_at_once_propose_the_same_policies(cases, policies, model):
    kept = [expected_harm(case, policies, T0).basis for case in cases]
    columns = bulk.columns(kept)
    found = bulk.places(columns, policies, model)
    proposed = [columns.names[number] if number >= 0 else None for number in found.policy.tolist()]
    assert proposed == [place(one, rules(policies), model).lead.policy for one in kept]


@given(st.lists(facts, min_size=1, max_size=12), documents, models)
def test_after_another_half_life_stored_ranks_are_in_the_order_of_what_waiting_costs(cases, policies, model):
    """At any later moment: harm for each second then, from views still to come then."""
    kept = [expected_harm(case, policies, T0).basis for case in cases]
    found = bulk.places(bulk.columns(kept), policies, model)
    later = T0 + 5 * HOUR
    stands = [place(one, rules(policies), model) for one in kept]
    costs = [
        one.rank - one.reach.height(one.half_life)
        + np.log2(one.reach.views) - (later - one.reach.at) / one.half_life
        for one in stands
    ]  # fmt: skip
    order = found.order().tolist()
    for earlier, behind in pairwise(order):
        assert stands[earlier].lane <= stands[behind].lane
        if stands[earlier].lane == stands[behind].lane:
            assert costs[earlier] >= costs[behind] - 1e-6


def test_nothing_waits():
    assert bulk.places(bulk.columns([]), {}, Model()).order().tolist() == []


places = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), min_size=2, max_size=30)


@given(places, st.lists(st.tuples(st.integers(0, 29), st.integers(0, 2), st.integers(0, 20)), max_size=20))
def test_a_board_on_which_cases_move_is_in_the_order_of_one_that_is_sorted_anew(rows, moves):
    lanes, ranks = [lane for lane, _ in rows], [float(rank) for _, rank in rows]
    board = Board(_places(lanes, ranks))
    for case, lane, rank in moves:
        if case < len(rows):
            at = board.move(case, lane, float(rank))
            lanes[case], ranks[case] = lane, float(rank)
            assert board.first(len(rows))[at] == case
    found = board.first(len(rows))
    assert sorted(found) == list(range(len(rows)))
    assert [(lanes[case], -ranks[case]) for case in found] == sorted(
        (lane, -rank) for lane, rank in zip(lanes, ranks, strict=True)
    )


def _places(lanes, ranks):
    return bulk.Places(np.array(lanes, dtype=np.int8), np.array(ranks), np.zeros(len(lanes), dtype=np.int64))
