"""A decision, its actions, its webhooks and its ledger entry are one; and it can be taken back."""

import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import (
    CannotUndo,
    Chosen,
    Conflict,
    Invalid,
    NeedsConfirmation,
    decide,
    request_action,
    second,
    undo,
)
from evenhand.engine.model import Ref
from tests.desk.conftest import post, reported

REMOVE = (Chosen("remove"),)


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


def remove(case, by, **more):
    return decide(case.pk, version=case.version, by=by, kind="act", policy="spam", actions=REMOVE, **more)


def test_a_decision_writes_its_actions_its_webhook_and_its_ledger_entry(case, ana):
    decision = remove(case, ana)
    delivery = Delivery.objects.get()
    assert delivery.message_id == f"msg_{decision.actions.get().uid}"
    assert delivery.due_at == decision.effective_at
    assert Entry.objects.filter(act="decision").count() == 1
    case.refresh_from_db()
    assert (case.state, case.outcome, case.version) == ("closed", "upheld", 2)


def test_nothing_is_written_when_the_ledger_cannot_be(case, ana, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(sys.modules["evenhand.desk.enforcement.services.decide"], "record", fail)
    with pytest.raises(OSError, match="disk full"):
        remove(case, ana)
    assert not Decision.objects.exists()
    assert not Delivery.objects.exists()
    case.refresh_from_db()
    assert case.state == "open"


def test_a_second_decision_on_the_same_version_is_told_who_was_first(case, ana, ben):
    remove(case, ana)
    with pytest.raises(Conflict) as told:
        remove(case, ben)
    assert told.value.who == ana.pseudonym
    assert Decision.objects.count() == 1


def test_two_people_never_hold_one_case(case, ana, ben):
    cases.take(case.pk, ana)
    with pytest.raises(cases.Held):
        cases.take(case.pk, ben)
    with pytest.raises(cases.Held):
        remove(case, ben)
    assert cases.next_case(ben) is None
    cases.release(case.pk, ana)
    assert cases.next_case(ben) == case


def test_a_lease_that_ran_out_is_free(case, ana, ben):
    cases.take(case.pk, ana)
    Case.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert cases.take(case.pk, ben).holder == ben


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"actions": ()}, "at least one action"),
        ({"actions": (Chosen("nothing"),)}, "no action “nothing”"),
        ({"policy": "unheard"}, "no policy “unheard”"),
        ({"policy": None}, "press a digit"),
        ({"kind": "uphold"}, "act or dismiss"),
        ({"actions": (Chosen("remove", {"why": 1}),)}, "no parameter “why”"),
    ],
)
def test_a_wrong_decision_is_told_precisely_and_changes_nothing(case, ana, changes, problem):
    given = {"version": 1, "by": ana, "kind": "act", "policy": "spam", "actions": REMOVE} | changes
    with pytest.raises(Invalid, match=problem):
        decide(case.pk, **given)
    case.refresh_from_db()
    assert case.state == "open"


def test_undo_before_anything_left_leaves_no_trace_outside(case, ana):
    undone = undo(remove(case, ana).uid, ana)
    assert undone.undone_at
    assert Delivery.objects.get().state == "cancelled"
    case.refresh_from_db()
    assert (case.state, case.version) == ("open", 3)
    assert Entry.objects.filter(act="undo").count() == 1


def test_undo_after_it_left_sends_the_action_that_takes_it_back(case, ana):
    decision = remove(case, ana)
    Delivery.objects.update(state="delivered", attempts=1)
    back = undo(decision.uid, ana)
    assert back.reverses == decision
    assert [taken.action for taken in back.actions.all()] == ["restore"]
    assert Delivery.objects.filter(state="pending").count() == 1
    case.refresh_from_db()
    assert case.state == "open"
    with pytest.raises(CannotUndo, match="already"):
        undo(decision.uid, ana)


def test_an_undone_decision_gathers_what_was_reported_meanwhile(case, ana, fold):
    decision = remove(case, ana)
    fold(reported(post("p1"), "r2"))
    undo(decision.uid, ana)
    assert Case.objects.filter(state="open").get().reports.count() == 2


def test_a_person_without_the_role_of_its_queue_may_not_decide(fold, ana):
    fold(reported(post("p2"), csam=True))
    with pytest.raises(cases.Barred):
        decide(Case.objects.get().pk, version=1, by=ana, kind="dismiss", policy="minors")


def test_a_program_with_a_key_takes_an_action_once_for_each_idempotency_key(platform):
    first = request_action(action_id="remove", item=Ref("post", "p9"), key_name="k", idempotency_key="a")
    again = request_action(action_id="remove", item=Ref("post", "p9"), key_name="k", idempotency_key="a")
    assert first == again
    assert Delivery.objects.count() == 1


TERMINATE = (Chosen("terminate"),)


def terminate(case, by, **more):
    return decide(case.pk, version=case.version, by=by, kind="act", policy="spam", actions=TERMINATE, **more)


def test_an_action_of_two_people_asks_first_and_waits_for_the_second(case, ana, ben):
    with pytest.raises(NeedsConfirmation, match="second person"):
        terminate(case, ana)
    decision = terminate(case, ana, confirmed=True)
    assert Delivery.objects.get().state == "waiting"
    with pytest.raises(cases.Barred):
        second(decision.uid, ana)
    second(decision.uid, ben)
    assert Delivery.objects.get().state == "pending"


def test_what_nothing_takes_back_cannot_be_undone_once_it_left(case, ana):
    decision = terminate(case, ana, confirmed=True)
    Delivery.objects.update(state="delivered", attempts=1)
    with pytest.raises(CannotUndo, match="names no action"):
        undo(decision.uid, ana)
