"""An accepted appeal corrects the outcome of the first case, and the records of who reported and who wrote it."""

import json

import pytest

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.cases.services.facts import author_records
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.queries import seconds
from evenhand.desk.enforcement.services import CannotUndo, Chosen, decide, second, undo
from evenhand.engine.model import Ref
from tests.desk.conftest import appealed, post, reported

ANN = Ref("account", "ann")


@pytest.fixture
def first(fold, ana) -> Decision:
    """Two people reported a post, Ana removed it, and the platform was told."""
    fold(reported(post("p1"), "r1"), reported(post("p1"), "r2"))
    decision = decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")])
    Delivery.objects.update(state="delivered", attempts=1)
    return decision


@pytest.fixture
def appeal(first, fold) -> Case:
    fold(appealed(post("p1"), actions=("remove",)))
    return Case.objects.get(kind="appeal")


def hear(case: Case, by, kind: str = "overturn") -> Decision:
    case.refresh_from_db()
    return decide(case.pk, version=case.version, by=by, kind=kind, policy="spam")


def told(first: Decision) -> tuple[str, set[tuple[int, int]], tuple[int, int]]:
    """The outcome of its case, the records of its reporters, and the record of its author: upheld, dismissed."""
    reporters = {(one.upheld, one.dismissed) for one in ReporterTally.objects.all()}
    return Case.objects.get(pk=first.case_id).outcome, reporters, tuple(author_records([ANN])[ANN])


UPHELD, DISMISSED = ("upheld", {(1, 0)}, (1, 0)), ("dismissed", {(0, 1)}, (0, 1))


def test_an_accepted_appeal_corrects_the_outcome_and_everybodys_record(first, appeal, ben):
    assert told(first) == UPHELD
    hear(appeal, ben)
    assert told(first) == DISMISSED


def test_a_rejected_appeal_corrects_nothing(first, appeal, ben):
    hear(appeal, ben, "uphold")
    assert told(first) == UPHELD
    assert not Entry.objects.filter(act="case_corrected").exists()


def test_undoing_the_verdict_puts_them_back_as_often_as_it_is_undone(first, appeal, ben):
    for _ in range(2):
        undo(hear(appeal, ben).uid, ben)
        assert told(first) == UPHELD
    hear(appeal, ben)
    assert told(first) == DISMISSED


def test_a_second_accepted_appeal_counts_nothing_twice(first, appeal, ben, fold):
    fold(appealed(post("p1"), "ap2"))
    hear(appeal, ben)
    assert Appeal.objects.get(appeal_id="ap2").case.state == "closed"
    assert told(first) == DISMISSED


def test_correcting_what_is_correct_changes_nothing(first, appeal, ben):
    hear(appeal, ben)
    case = Case.objects.get(pk=first.case_id)
    assert not cases.correct(case, Case.Outcome.DISMISSED)
    assert told(first) == DISMISSED


def test_a_case_that_waits_for_a_decision_has_nothing_to_correct(fold):
    fold(reported(post("p1")))
    assert not cases.correct(Case.objects.get(), Case.Outcome.DISMISSED)
    assert not ReporterTally.objects.exists()


def test_the_ledger_tells_what_was_corrected_and_what_was_put_back(first, appeal, ben):
    undo(hear(appeal, ben).uid, ben)
    entries = list(Entry.objects.filter(act="case_corrected").order_by("seq"))
    assert {(one.actor, one.obj) for one in entries} == {(f"user:{ben.pseudonym}", f"case:{first.case_id}")}
    assert len(entries) == 2


def test_an_overturned_decision_cannot_be_taken_back_again(first, appeal, ana, ben):
    verdict = hear(appeal, ben)
    with pytest.raises(CannotUndo, match=rf"{ben.pseudonym} accepted an appeal .* \(case {appeal.pk}\)"):
        undo(first.uid, ana)
    assert told(first) == DISMISSED
    undo(verdict.uid, ben)
    undo(first.uid, ana)
    assert Case.objects.get(pk=first.case_id).state == "open"


def test_a_decision_of_which_a_part_stands_is_not_overturned(fold, ana, ben):
    fold(reported(post("p1")))
    chosen = [Chosen("remove"), Chosen("elsewhere")]
    first = decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=chosen)
    fold(appealed(post("p1"), actions=("remove",)))
    hear(Case.objects.get(kind="appeal"), ben)
    assert told(first) == UPHELD
    first.refresh_from_db()
    assert first.overturned_by is None


def test_two_appeals_that_each_name_a_part_overturn_it_together_until_one_of_them_is_undone(fold, ana, ben):
    fold(reported(post("p1")))
    chosen = [Chosen("remove"), Chosen("elsewhere")]
    first = decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=chosen)
    fold(appealed(post("p1"), "ap1", actions=("remove",)), appealed(post("p1"), "ap2", actions=("elsewhere",)))
    one, _other = (hear(Case.objects.get(appeal_id=name), ben) for name in ("ap1", "ap2"))
    assert told(first)[0] == "dismissed"
    undo(one.uid, ben)
    assert told(first)[0] == "upheld"
    hear(Case.objects.get(appeal_id="ap1"), ben)
    assert told(first) == ("dismissed", {(0, 1)}, (0, 1))


def test_nobody_consents_any_more_to_a_two_person_decision_that_was_overturned(fold, ana, ben):
    fold(reported(post("p1")))
    first = decide(
        Case.objects.get().pk,
        version=1,
        by=ana,
        kind="act",
        policy="spam",
        actions=[Chosen("terminate")],
        confirmed=True,
    )
    fold(appealed(post("p1")))
    assert seconds.waiting() == [first]
    hear(Case.objects.get(kind="appeal"), ben)
    assert seconds.waiting() == []
    with pytest.raises(CannotUndo):
        second(first.uid, ben)


def test_taking_back_what_an_appeal_left_sends_no_part_a_second_time(fold, ana, ben):
    fold(reported(post("p1")))
    chosen = [Chosen("remove"), Chosen("elsewhere")]
    first = decide(Case.objects.get().pk, version=1, by=ana, kind="act", policy="spam", actions=chosen)
    fold(appealed(post("p1"), actions=("elsewhere",)))
    hear(Case.objects.get(kind="appeal"), ben)
    Delivery.objects.update(state="delivered", attempts=1)
    undo(first.uid, ana)
    sent = [
        json.loads(bytes(one.body))["action"]["id"] for one in Delivery.objects.filter(kind="action").order_by("pk")
    ]
    assert sent.count("restore") == 2  # one by the verdict, one by who took the rest back


def test_an_appeal_that_names_an_action_of_another_name_is_about_all_of_the_decision(first, fold, ben):
    fold(appealed(post("p1"), "by another name", actions=("hide-post",)))
    hear(Case.objects.get(kind="appeal"), ben)
    assert told(first) == DISMISSED
    assert json.loads(bytes(Delivery.objects.get(kind="action", state="pending").body))["action"]["id"] == "restore"


def test_an_appeal_that_came_before_the_decision_does_not_overturn_it(fold, ana, ben):
    fold(appealed(post("p1")), reported(post("p1")))
    first = decide(
        Case.objects.get(kind="review").pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")]
    )
    hear(Case.objects.get(kind="appeal"), ben)
    assert told(first) == UPHELD
