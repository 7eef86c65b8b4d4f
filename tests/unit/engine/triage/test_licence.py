"""When a policy may hold, from which score on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bench.licences import measure, most, towns
from evenhand.engine.triage.audit import inclusion
from evenhand.engine.triage.licence import LOWEST, SCORES, Drawn, best, first, licence

DRAWN = st.lists(
    st.builds(Drawn, st.floats(0, 1), st.sampled_from([True, False, False, False, None]), st.sampled_from([0.05, 0.1])),
    max_size=150,
)


def drawn(score, right, wrong=0, waiting=0):
    return (
        [Drawn(score, False, 0.05)] * right + [Drawn(score, True, 0.05)] * wrong + [Drawn(score, None, 0.05)] * waiting
    )


def test_without_audits_there_is_no_licence():
    found = licence([], 0.05)
    assert found.score is None
    assert (found.audited, found.bound) == (0, 1)


def test_enough_right_audits_license_the_lowest_score_that_they_reach():
    found = licence(drawn(0.885, right=120) + drawn(0.724, right=20), 0.05)
    assert found.score == 0.72 == found.nearest
    assert (found.audited, found.wrong) == (140, 0)
    assert found.once < found.bound <= 0.05


def test_nothing_is_licensed_below_what_audits_have_seen():
    rows = [*drawn(0.96, right=200), *drawn(0.4, right=0, wrong=20)]
    assert licence(rows, 0.05).score == 0.95


@given(DRAWN, st.floats(0.5, 10))
def test_how_often_a_policy_is_audited_changes_what_its_audits_mean_in_nothing(rows, stake):
    often = [structs.replace(one, inclusion=stake * one.inclusion, reference=stake * one.reference) for one in rows]
    usual, found = licence(rows, 0.3), licence(often, 0.3)
    assert (found.score, found.audited, found.wrong) == (usual.score, usual.audited, usual.wrong)


def test_that_high_scores_are_audited_more_often_makes_no_licence_below_them():
    """Just more than the limit is wrong, all of it below 0.8: as what is above is audited 4 times as often, the sample
    alone would show far less."""
    histories, limit, random = 20, 0.3, np.random.default_rng(7)
    licensed = {"as drawn": 0, "as if all were as likely": 0}
    for _ in range(histories):
        scores = random.choice([0.5, 0.9], 1500, p=[0.4, 0.6])
        wrong = (scores < 0.8) & (random.random(1500) < 0.31 / 0.4)
        chances = [inclusion(score, held=False) for score in scores.tolist()]
        rows = [
            Drawn(score, fault, chance)
            for score, fault, chance, at in zip(
                scores.tolist(), wrong.tolist(), chances, random.random(1500), strict=True
            )
            if at < chance
        ]
        blind = [
            structs.replace(one, inclusion=0.05)
            if one.score < 0.8
            else structs.replace(one, inclusion=0.2, reference=0.2)
            for one in rows
        ]
        for how, given_ in (("as drawn", rows), ("as if all were as likely", blind)):
            found = licence(given_, limit).score
            licensed[how] += found is not None and found <= 0.5
    assert licensed["as drawn"] <= 4 < licensed["as if all were as likely"]


def test_audits_from_before_high_scores_were_audited_more_often_mean_what_they_meant():
    """With a reference of a quarter (migration 0013): at high scores the held ones still count half."""
    held, open_ = Drawn(0.9, False, 0.1, 0.0125), Drawn(0.9, False, 0.05, 0.0125)
    now = [Drawn(0.9, False, 0.2), Drawn(0.9, False, 0.4)]
    assert licence([held, open_] * 60, 0.05).bound == licence([now[1], now[0]] * 60, 0.05).bound


def test_what_would_be_wrong_further_down_is_not_licensed():
    rows = [one for _ in range(150) for one in (Drawn(0.9, False, 0.05), Drawn(0.6, True, 0.05))]
    found = licence(rows, 0.1)
    assert found.score is not None
    assert 0.6 < found.score <= 0.9


def test_wrong_audits_end_a_licence_at_once():
    good = drawn(0.96, right=150)
    assert licence(good, 0.05).score is not None
    ended = licence(good + drawn(0.96, right=0, wrong=6), 0.05)
    assert ended.score is None
    assert ended.bound > 0.05


def test_an_audit_that_waits_holds_up_what_came_after_it():
    """Else whoever decides the harmless ones first could make a licence."""
    waits = [Drawn(0.96, None, 0.05)]
    assert licence(waits + drawn(0.96, right=150), 0.05).score is None
    found = licence(drawn(0.96, right=150) + waits, 0.05)
    assert found.score is not None
    assert found.waiting == 1


def test_but_what_speaks_against_a_licence_is_heard_before_those_that_wait():
    rows = drawn(0.96, right=150, waiting=1) + drawn(0.96, right=0, wrong=6)
    assert licence(rows, 0.05).score is None


@settings(deadline=None, max_examples=25)
@given(DRAWN, st.floats(0.02, 0.5), st.floats(0, 1))
def test_one_more_wrong_audit_never_makes_a_licence(rows, limit, score):
    before, after = licence(rows, limit), licence([*rows, Drawn(score, True, 0.05)], limit)
    assert after.score is None or (before.score is not None and after.score >= before.score)


@settings(deadline=None, max_examples=25)
@given(DRAWN, st.floats(0.02, 0.5))
def test_what_is_licensed_is_within_its_limit_by_both_bounds(rows, limit):
    found = licence(rows, limit)
    if found.score is None:
        return
    assert found.score >= LOWEST
    assert found.bound <= limit
    assert found.nearest == found.score


@given(st.floats(0, 1))
def test_an_audit_is_evidence_for_the_scores_that_it_reaches(score):
    place = first(score)
    assert all(one > score for one in SCORES[:place])
    assert all(one <= score for one in SCORES[place:])


def test_the_sequence_begins_anew_where_nothing_stricter_is_known_but_at_a_smaller_level():
    worths = np.ones(len(SCORES))
    worths[SCORES.index(0.85)] = 1 / 0.016
    assert best(worths, [0.855]) is None
    worths[SCORES.index(0.85)] = 1 / 0.015 + 0.01
    assert best(worths, [0.855]) == SCORES.index(0.85)
    worths[: SCORES.index(0.85)] = 1 / 0.02 + 0.01
    worths[SCORES.index(0.85)] = 1 / 0.035 + 0.01
    assert best(worths, [0.855]) == SCORES.index(0.85)


@pytest.mark.parametrize(
    "town", [town for town in towns() if town.true_shares.max() > town.limit], ids=lambda one: one.name
)
def test_no_more_histories_break_their_limit_than_the_level_allows(town):
    found = measure(town, histories=100, audits=120, seed=11, compare=False)
    assert found.broken <= most(100)
