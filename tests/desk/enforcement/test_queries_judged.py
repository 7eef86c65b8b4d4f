"""What people decided of items, as rules are held against it."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.enforcement.queries import judged
from evenhand.desk.enforcement.services import Chosen, decide, undo
from tests.desk.conftest import appealed, post, reported


@pytest.fixture
def decided(fold, ana):
    """Report an item, and decide its case."""

    def decided(id_, kind="act", **more):
        fold(reported(post(id_)))
        case = Case.objects.get(item_id=id_, state="open")
        actions = [Chosen("remove")] if kind == "act" else []
        policy = "spam" if kind == "act" else None
        return decide(case.pk, version=case.version, by=ana, kind=kind, policy=policy, actions=actions, **more)

    return decided


def verdicts():
    return {id_: acted for _, id_, acted in judged.judged()}


def test_what_was_acted_on_and_what_was_dismissed_is_told(decided):
    decided("p1")
    decided("p2", "dismiss")
    assert verdicts() == {"p1": True, "p2": False}
    assert {type_ for type_, _, _ in judged.judged()} == {"post"}


def test_a_decision_that_was_undone_in_time_is_none(decided, ana):
    undo(decided("p1").uid, ana)
    assert verdicts() == {}


def test_what_was_taken_back_later_was_not_right(decided, ana):
    decision = decided("p1")
    decision.deliveries.update(attempts=1, state="delivered")
    undo(decision.uid, ana)
    assert verdicts() == {"p1": False}


@pytest.mark.parametrize(("kind", "acted"), [("uphold", True), ("overturn", False)])
def test_the_second_look_counts_more_than_the_first(decided, fold, ben, kind, acted):
    decided("p1")
    fold(appealed(post("p1")))
    case = Case.objects.get(item_id="p1", state="open")
    decide(case.pk, version=case.version, by=ben, kind=kind, policy=None, actions=[], reason="looked again")
    assert verdicts() == {"p1": acted}


def test_the_later_decision_on_an_item_counts(decided):
    decided("p1", "dismiss")
    decided("p1")
    assert verdicts() == {"p1": True}


def test_decisions_by_keys_are_no_peoples(decided):
    decided("p1")
    Decision.objects.update(decided_by=None, key_name="robot")
    assert verdicts() == {}


def test_the_pace_is_the_average_with_long_absences_cut(decided):
    assert judged.pace() == judged.Pace(None, 0)
    decided("p1", seconds=20.0)
    decided("p2", seconds=40.0)
    decided("p3")
    assert judged.pace() == judged.Pace(30.0, 2)
    decided("p4", seconds=86_400.0)
    assert judged.pace() == judged.Pace((20 + 40 + judged.MOST_SECONDS) / 3, 3)
