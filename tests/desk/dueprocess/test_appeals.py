"""An appeal is a case of its own, heard by somebody else, and answered."""

import json

import pytest

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.dueprocess import queries
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import Chosen, Conflict, decide, undo
from tests.desk.conftest import appealed, post, reported


@pytest.fixture
def appeal(fold, ana):
    fold(reported(post("p1")))
    case = Case.objects.get()
    decide(case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    Delivery.objects.update(state="delivered", attempts=1)
    fold(appealed(post("p1"), actions=("remove",), reason="It was a joke."))
    return Appeal.objects.select_related("case").get()


def test_an_appeal_becomes_a_case_that_the_first_decider_cannot_take(appeal, ana, ben):
    assert (appeal.case.kind, appeal.case.policy) == ("appeal", "spam")
    with pytest.raises(cases.Barred):
        cases.take(appeal.case.pk, ana)
    assert cases.next_case(ana) is None
    assert cases.next_case(ben) == appeal.case


def test_the_first_decider_cannot_decide_it_either(appeal, ana):
    with pytest.raises(cases.Barred):
        decide(appeal.case.pk, version=1, by=ana, kind="uphold", policy="spam")


def test_an_accepted_appeal_takes_the_action_back_and_answers(appeal, ben):
    decide(appeal.case.pk, version=1, by=ben, kind="overturn", policy="spam", reason="Satire.")
    appeal.refresh_from_db()
    assert appeal.outcome == "accepted"
    waiting = Delivery.objects.filter(state="pending")
    assert sorted(waiting.values_list("kind", flat=True)) == ["action", "appeal"]
    assert json.loads(bytes(waiting.get(kind="action").body))["action"]["id"] == "restore"
    assert json.loads(bytes(waiting.get(kind="appeal").body))["appealDecision"] == "ACCEPT"


def test_a_rejected_appeal_changes_nothing_but_answers(appeal, ben):
    decide(appeal.case.pk, version=1, by=ben, kind="uphold", policy="spam")
    assert list(Delivery.objects.filter(state="pending").values_list("kind", flat=True)) == ["appeal"]


def test_undoing_it_opens_it_again_and_sends_nothing(appeal, ben):
    undo(decide(appeal.case.pk, version=1, by=ben, kind="overturn", policy="spam").uid, ben)
    appeal.refresh_from_db()
    assert appeal.outcome == ""
    assert not Delivery.objects.filter(state="pending").exists()
    appeal.case.refresh_from_db()
    assert appeal.case.state == "open"


def test_the_same_appeal_twice_is_one_case(appeal, fold):
    fold(appealed(post("p1"), actions=("remove",)))
    assert Appeal.objects.count() == 1
    assert Case.objects.filter(kind="appeal").count() == 1


def test_taken_back_and_accepted_again_it_takes_the_action_back_again(appeal, ben):
    undo(decide(appeal.case.pk, version=1, by=ben, kind="overturn", policy="spam").uid, ben)
    decide(appeal.case.pk, version=3, by=ben, kind="overturn", policy="spam")
    [again] = Delivery.objects.filter(state="pending", kind="action")
    assert json.loads(bytes(again.body))["action"]["id"] == "restore"


def first(appeal) -> Decision:
    return Decision.objects.get(kind="act", item_id=appeal.item_id)


def test_it_is_about_the_decision_that_stood_when_it_came(appeal, ana, ben, fold):
    decision = first(appeal)
    undo(decision.uid, ana)
    review = Case.objects.get(kind="review")
    decide(review.pk, version=review.version, by=ben, kind="act", policy="spam", actions=[Chosen("remove")])
    assert queries.about(appeal) == [decision]


def test_it_is_about_what_took_the_action_that_it_names(appeal, fold, ana):
    fold(reported(post("p1")))
    newer = Case.objects.get(kind="review", state="open")
    decide(newer.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("elsewhere")])
    fold(appealed(post("p1"), "by name", actions=("elsewhere",)), appealed(post("p1"), "all"))
    actions = {
        name: [taken.action for one in queries.about(Appeal.objects.get(appeal_id=name)) for taken in one.actions.all()]
        for name in ("by name", "all")
    }
    assert actions == {"by name": ["elsewhere"], "all": ["elsewhere", "remove"]}


def test_it_is_settled_when_its_decision_is_taken_back(appeal, ana):
    undo(first(appeal).uid, ana)
    appeal.refresh_from_db()
    appeal.case.refresh_from_db()
    assert (appeal.outcome, appeal.settled_by.kind, appeal.case.state) == ("accepted", "reverse", "closed")
    answer = json.loads(bytes(Delivery.objects.get(kind="appeal", state="pending").body))
    assert (answer["appealDecision"], answer["decisionReason"]) == ("ACCEPT", "The decision was taken back.")
    entry = Entry.objects.get(act="appeal_settled")
    assert (entry.actor, entry.obj) == (f"user:{ana.pseudonym}", f"case:{appeal.case.pk}")


def test_it_is_settled_too_when_its_decision_is_undone_before_anything_left(fold, ana):
    fold(reported(post("p1")))
    decision = decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    fold(appealed(post("p1")))
    undo(decision.uid, ana)
    assert Appeal.objects.get().outcome == "accepted"
    assert Delivery.objects.get(kind="appeal").state == "pending"


def test_nobody_can_hear_it_any_more_then(appeal, ana, ben):
    undo(first(appeal).uid, ana)
    with pytest.raises(Conflict):
        decide(appeal.case.pk, version=1, by=ben, kind="uphold", policy="spam")


def test_another_decision_may_be_appealed_anew(appeal, ana, ben, fold):
    undo(first(appeal).uid, ana)
    review = Case.objects.get(kind="review")
    decide(review.pk, version=review.version, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    fold(appealed(post("p1"), "ap2"))
    assert Appeal.objects.get(appeal_id="ap2").case.state == "open"
    with pytest.raises(cases.Barred):
        cases.take(Appeal.objects.get(appeal_id="ap2").case.pk, ana)


def test_it_waits_on_while_another_decision_that_it_is_about_stands(appeal, fold, ana):
    fold(reported(post("p1")))
    newer = Case.objects.get(kind="review", state="open")
    decide(newer.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("elsewhere")])
    fold(appealed(post("p1"), "both"))
    undo(Decision.objects.get(kind="act", actions__action="remove").uid, ana)
    assert Appeal.objects.get(appeal_id="ap1").case.state == "closed"
    assert Appeal.objects.get(appeal_id="both").case.state == "open"


def test_one_accepted_appeal_settles_the_others_against_the_same_decision_until_it_is_undone(appeal, fold, ben):
    fold(appealed(post("p1"), "ap2"))
    overturned = decide(appeal.case.pk, version=1, by=ben, kind="overturn", policy="spam", reason="Satire.")
    other = Appeal.objects.select_related("case").get(appeal_id="ap2")
    assert (other.outcome, other.case.state) == ("accepted", "closed")
    undo(overturned.uid, ben)
    other = Appeal.objects.select_related("case").get(appeal_id="ap2")
    assert (other.outcome, other.settled_by, other.case.state) == ("", None, "open")
    assert not Delivery.objects.filter(state="pending").exists()


def test_an_appeal_that_was_heard_waits_again_when_its_verdict_is_reversed(appeal, ben):
    verdict = decide(appeal.case.pk, version=1, by=ben, kind="uphold", policy="spam")
    Delivery.objects.update(state="delivered", attempts=1)
    undo(verdict.uid, ben)
    appeal.refresh_from_db()
    appeal.case.refresh_from_db()
    assert (appeal.outcome, appeal.case.state) == ("", "open")


def test_an_appeal_against_what_the_desk_never_decided_is_not_settled_by_others(fold, ana):
    fold(appealed(post("p1")), reported(post("p1")))
    review = Case.objects.get(kind="review")
    undo(decide(review.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")]).uid, ana)
    assert Appeal.objects.get().case.state == "open"
