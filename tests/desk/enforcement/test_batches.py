"""One decision for a cluster: each case gets its own, failures are kept, nothing twice, and one undo takes all back."""

import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries import clusters, queue
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement.models import Batch, Decision, Delivery
from evenhand.desk.enforcement.queries import batches as queries
from evenhand.desk.enforcement.services import (
    CannotUndo,
    Chosen,
    Conflict,
    Invalid,
    NeedsTyping,
    batches,
    carry_on,
    decide,
    decide_many,
    undo_many,
)
from tests.desk.conftest import post, reported

TEXT = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
REMOVE = (Chosen("remove"),)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """However slow the machine is, a batch is done when its request is."""
    monkeypatch.setattr(batches, "AT_ONCE", 60.0)


@pytest.fixture
def copies(fold):
    def make(count):
        fold(*(reported(post(f"p{number}", TEXT, f"author{number}"), f"r{number}") for number in range(count)))
        return Case.objects.get(behind=False)

    return make


def all_of(case, by, **more):
    given = {"version": case.version, "kind": "act", "policy": "spam", "actions": REMOVE, "upto": 10**9} | more
    return decide_many(case.pk, by=by, **given)


def states(batch):
    return list(batch.items.order_by("pk").values_list("state", flat=True))


def test_each_case_gets_its_own_decision_webhook_and_ledger_entry(copies, ana):
    batch = all_of(copies(4), ana)
    assert states(batch) == ["done"] * 4
    assert Decision.objects.filter(kind="act", decided_by=ana).count() == 4
    assert Delivery.objects.count() == 4
    assert Entry.objects.filter(act="decision").count() == 4
    assert Entry.objects.filter(act="cluster_decided").count() == 1
    assert set(Case.objects.values_list("state", "outcome", "deciding")) == {("closed", "upheld", False)}


def test_what_was_left_out_or_came_later_is_not_decided(copies, ana, fold):
    case = copies(4)
    newest = clusters.newest(case)
    fold(reported(post("late", TEXT, "late"), "late"))
    out = Case.objects.get(item_id="p1").pk
    batch = all_of(case, ana, upto=newest, but=[out])
    assert len(states(batch)) == 3
    assert {case.item_id for case in queue.page(sight(ana), queue=None, after=None, limit=9)} == {"late", "p1"}
    assert Case.objects.get(pk=out).cluster_id != Case.objects.get(item_id="late").cluster_id


def test_more_than_twenty_take_their_number_typed(copies, ana):
    case = copies(21)
    for typed in ("", "20", "yes"):
        with pytest.raises(NeedsTyping) as told:
            all_of(case, ana, typed=typed)
        assert told.value.count == 21
    assert not Batch.objects.exists()
    assert len(states(all_of(case, ana, typed=" 21 "))) == 21


def test_one_that_fails_is_told_and_the_others_are_decided(copies, ana, monkeypatch):
    case = copies(4)
    broken = Case.objects.get(item_id="p2").pk
    take = sys.modules["evenhand.desk.enforcement.services.decide"].take

    def fail(decision, *args, **more):
        if decision.case_id == broken:
            raise ValueError("no")
        return take(decision, *args, **more)

    monkeypatch.setattr(sys.modules["evenhand.desk.enforcement.services.decide"], "take", fail)
    batch = all_of(case, ana)
    assert queries.progress(batch).done == 3
    [told] = queries.failed(batch)
    assert (told.case_id, "log" in told.error) == (broken, True)
    left = Case.objects.get(state="open")
    assert (left.pk, left.deciding, left.behind, left.holder) == (broken, False, False, None)
    assert not Decision.objects.filter(case=broken).exists()


def test_a_batch_that_was_stopped_goes_on_and_decides_nothing_twice(copies, ana, monkeypatch):
    case = copies(5)
    monkeypatch.setattr(batches, "AT_ONCE", 0.0)
    batch = all_of(case, ana)
    assert states(batch) == ["waiting"] * 5
    one = batch.items.order_by("pk")[1]
    batches._one(one.pk)
    assert carry_on() == 4
    assert batches._one(one.pk) == 0
    assert states(batch) == ["done"] * 5
    assert Decision.objects.count() == 5
    assert carry_on() == 0


def test_killed_between_two_cases_nothing_is_half_done(copies, ana, monkeypatch):
    case = copies(3)

    class Killed(BaseException):
        pass

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["evenhand.desk.enforcement.services.decide"], "record", die)
        with pytest.raises(Killed):
            all_of(case, ana)
    batch = Batch.objects.get()
    assert states(batch) == ["waiting"] * 3
    assert not Decision.objects.exists()
    assert carry_on() == 3
    assert states(batch) == ["done"] * 3


def test_while_it_waits_nobody_else_gets_its_cases(copies, ana, ben, monkeypatch):
    case = copies(3)
    monkeypatch.setattr(batches, "AT_ONCE", 0.0)
    all_of(case, ana)
    assert queue.page(sight(ben), queue=None, after=None, limit=9) == []
    assert cases.next_case(ben) is None
    assert cases.next_case(ana) is None
    with pytest.raises(cases.Held):
        cases.take(case.pk, ben)


def test_one_undo_takes_all_back_before_anything_left(copies, ana):
    case = copies(3)
    batch = undo_many(all_of(case, ana).uid, ana)
    assert states(batch) == ["undone"] * 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(Case.objects.values_list("state", "deciding")) == {("open", False)}
    assert len(queue.page(sight(ana), queue=None, after=None, limit=9)) == 1
    assert Entry.objects.filter(act="undo").count() == 3
    with pytest.raises(CannotUndo):
        undo_many(batch.uid, ana)


def test_one_undo_after_the_window_reverses_all(copies, ana):
    batch = all_of(copies(3), ana)
    Delivery.objects.update(state="delivered", attempts=1)
    Decision.objects.update(effective_at=timezone.now() - timedelta(minutes=1))
    batch = undo_many(batch.uid, ana)
    assert states(batch) == ["undone"] * 3
    assert Decision.objects.filter(kind="reverse").count() == 3
    assert Case.objects.filter(state="open").count() == 3


def test_undo_in_the_middle_leaves_what_was_not_decided_yet(copies, ana, monkeypatch):
    case = copies(3)
    monkeypatch.setattr(batches, "AT_ONCE", 0.0)
    batch = all_of(case, ana)
    batches._one(batch.items.order_by("pk")[0].pk)
    undo_many(batch.uid, ana)
    carry_on()
    assert states(batch) == ["undone", "left", "left"]
    assert set(Case.objects.values_list("state", "deciding", "holder")) == {("open", False, None)}


def test_what_cannot_be_taken_back_is_told(copies, ana):
    batch = all_of(copies(2), ana)
    again = batch.items.order_by("pk")[0].decision
    sys.modules["evenhand.desk.enforcement.services.undo"].undo(again.uid, ana)
    undo_many(batch.uid, ana)
    assert states(batch) == ["stuck", "undone"]
    assert "already" in queries.failed(batch)[0].error


def test_a_case_that_somebody_decided_meanwhile_is_told_with_who_did(copies, ana, ben):
    case = copies(3)
    other = Case.objects.get(item_id="p0" if case.item_id != "p0" else "p1")
    decide(other.pk, version=1, by=ben, kind="dismiss", policy=None)
    batch = all_of(case, ana)
    assert states(batch) == ["done"] * 2
    with pytest.raises(Conflict):
        all_of(case, ana)


def test_members_are_held_together(copies, ana, ben):
    case = copies(3)
    cases.take(case.pk, ana)
    other = Case.objects.exclude(pk=case.pk).first()
    with pytest.raises(cases.Held):
        cases.take(other.pk, ben)
    with pytest.raises(cases.Held):
        all_of(Case.objects.get(pk=other.pk), ben)
    cases.release(case.pk, ana)
    assert cases.take(other.pk, ben)
    assert cases.next_case(ana) is None


def test_what_comes_first_by_then_is_held_by_who_holds_the_row(copies, ana, ben, fold):
    case = cases.take(copies(2).pk, ana)
    fold(reported(post("new", TEXT, "new"), "new"))
    head = Case.objects.get(behind=False)
    assert head.pk != case.pk
    assert head.holder == ana
    assert cases.next_case(ben) is None
    cases.release(case.pk, ana)
    assert cases.next_case(ben) == head


def test_a_part_that_is_not_the_same_leaves_and_stays_away(copies, ana, fold):
    case = copies(4)
    out = [Case.objects.get(item_id=name).pk for name in ("p0", "p1")]
    assert cases.part(case.pk, out, ana) == out
    assert len(queue.page(sight(ana), queue=None, after=None, limit=9)) == 3
    fold(reported(post("new", TEXT, "new"), "new"), reported(post("p0", TEXT, "author0"), "again"))
    assert Case.objects.get(item_id="new").cluster_id == Case.objects.get(item_id="p2").cluster_id
    assert Case.objects.get(item_id="p0").cluster_id not in {
        Case.objects.get(item_id=name).cluster_id for name in ("p1", "p2")
    }
    assert Entry.objects.filter(act="cluster_parted").count() == 1


def test_a_part_can_leave_together(copies, ana):
    case = copies(4)
    out = list(Case.objects.exclude(pk=case.pk).order_by("pk").values_list("pk", flat=True))[:2]
    cases.part(case.pk, out, ana, together=True)
    assert len(queue.page(sight(ana), queue=None, after=None, limit=9)) == 2


def test_a_case_that_stands_alone_is_no_batch(fold, ana):
    fold(reported(post("p1", TEXT)))
    case = Case.objects.get()
    with pytest.raises(Invalid):
        all_of(case, ana)
    assert cases.part(case.pk, [case.pk], ana) == []
