"""An appeal is a case of its own, heard by somebody else, and answered."""

import json

import pytest

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import Chosen, decide, undo
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
