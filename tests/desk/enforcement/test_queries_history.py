"""Decisions as people look back on them."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.queries import decisions, history
from evenhand.desk.enforcement.services import Chosen, decide, undo
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported


@pytest.fixture
def decided(fold, ana):
    """Decide the case of an item, by its id."""

    def decided(id_: str, action: str = "remove", reason: str = "", **more):
        fold(reported(post(id_)))
        case = Case.objects.get(item_id=id_, state="open")
        return decide(
            case.pk, version=case.version, by=ana, kind="act", policy="spam",
            actions=[Chosen(action)], reason=reason, **more,
        )  # fmt: skip

    return decided


def test_decisions_on_several_items_come_newest_first_with_their_actions(decided, django_assert_max_num_queries):
    first, last = decided("p1"), decided("p2")
    decided("elsewhere")
    with django_assert_max_num_queries(2):
        found = history.on_items([Ref("post", "p1"), Ref("post", "p2")])
        assert [action.action for one in found for action in one.actions.all()] == ["remove", "remove"]
    assert [one.uid for one in found] == [last.uid, first.uid]
    assert history.on_items([]) == []


def test_a_decision_says_whether_something_took_it_back(decided, ana):
    decision = decided("p1")
    assert history.by_uid(decision.uid).taken_back is False
    decision.deliveries.update(attempts=1, state="delivered")
    undo(decision.uid, ana)
    assert history.by_uid(decision.uid).taken_back is True
    assert history.by_uid("no such decision") is None


def test_decisions_are_found_by_words_of_their_reason(decided):
    wanted = decided("p1", reason="Names the street she lives in")
    decided("p2", reason="advertising")
    assert [one.uid for one in history.with_reason("THE STREET", 10)] == [wanted.uid]
    assert history.with_reason("the street", 10, before=wanted.pk) == []


def test_what_is_usual_under_a_policy_is_what_people_took_most_often_of_late(decided, ana, monkeypatch):
    assert decisions.usual("spam") is None
    for number, action in enumerate(("elsewhere", "remove", "remove")):
        decided(f"p{number}", action)
    assert decisions.usual("spam") == "remove"
    assert decisions.usual("harassment") is None
    decided("p4", "elsewhere")
    monkeypatch.setattr(decisions, "LOOKED_AT", 1)
    assert decisions.usual("spam") == "elsewhere"


def test_what_was_taken_back_makes_nothing_usual(decided, ana):
    undo(decided("p1").uid, ana)
    assert decisions.usual("spam") is None
