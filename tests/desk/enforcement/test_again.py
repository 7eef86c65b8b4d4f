"""Second looks: nobody can tell one from any other case, and nothing follows from it."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, ReporterTally
from evenhand.desk.cases.queries import history, listing, queue, urgent
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.cases.queries.views import Part
from evenhand.desk.enforcement.models import Audit, Decision, Delivery, Hold, SecondLook
from evenhand.desk.enforcement.queries import again as queries
from evenhand.desk.enforcement.queries import export_quality, licences
from evenhand.desk.enforcement.queries.agreement import agreement
from evenhand.desk.enforcement.services import CannotUndo, Chosen, Conflict, Invalid, again, decide, second, undo
from evenhand.desk.policies import queries as policies
from tests.desk.conftest import appealed, post, reported
from tests.desk.enforcement.looking import apply, hurry, later, looked, told

REMOVE = {"kind": "act", "policy": "spam", "actions": (Chosen("remove"),)}
DISMISS = {"kind": "dismiss", "policy": None}


@pytest.fixture
def platform(db):
    again.forget_progress()
    apply()


@pytest.fixture
def first(fold, ana, ben):
    """A case that Ana decided two hours ago; Ben is the other one at the desk."""
    fold(reported(post("p1")))
    case = Case.objects.get()
    decide(case.pk, version=case.version, by=ana, **REMOVE)
    later(hours=2)
    case.refresh_from_db()
    return case


def decided(case, by, **how):
    return decide(case.pk, version=case.version, by=by, **how)


def the_look() -> SecondLook:
    return SecondLook.objects.select_related("case", "first").get()


def test_what_is_drawn_comes_to_another_person_as_any_other_case(first, ana, ben):
    case = cases.next_case(ben)
    assert (case.kind, case.again_id, case.item_id, case.policy) == ("second", first.pk, "p1", "spam")
    assert (case.lane, case.rank, case.why) == (first.lane, first.rank, first.why)
    assert (case.shown_kind, case.came_at) == ("review", first.opened_at)
    cases.release(case.pk, ben)
    assert cases.next_case(ana) is None


def test_nothing_is_drawn_while_the_decision_is_fresh_nor_where_the_document_says_none(fold, ana, ben):
    fold(reported(post("p1")), reported(post("p2")))
    one, other = Case.objects.order_by("pk")
    decided(one, ana, **REMOVE)
    later(minutes=30)
    assert not SecondLook.objects.exists()
    apply(share=0)
    decided(other, ana, **REMOVE)
    later(hours=2)
    assert not SecondLook.objects.exists()


def test_about_the_share_of_the_document_is_drawn_and_each_decision_once(fold, ana, ben):
    apply(share=0.5)
    fold(*(reported(post(f"p{n}", f"text of its own {n * 7919}")) for n in range(40)))
    for case in Case.objects.all():
        decided(case, ana, **DISMISS)
    later(hours=2)
    while again.look():
        pass
    count = SecondLook.objects.count()
    assert 8 <= count <= 32
    again.forget_progress()
    assert again.look() == 0
    assert SecondLook.objects.count() == count


def test_many_are_opened_in_several_goes(fold, ana, ben, monkeypatch):
    monkeypatch.setattr(again, "MOST_OPENED", 2)
    fold(*(reported(post(f"p{n}", f"text of its own {n * 7919}")) for n in range(5)))
    for case in Case.objects.all():
        decided(case, ana, **DISMISS)
    later(hours=2)
    assert [SecondLook.objects.count(), again.look(), again.look(), again.look()] == [2, 2, 1, 0]


def test_the_first_decider_does_not_see_it_and_others_do_not_see_the_first_case(first, ana, ben):
    look = the_look().case
    assert not sight(ana).sees(look)
    assert sight(ana).sees(first)
    assert sight(ben).sees(look)
    assert not sight(ben).sees(first)
    assert [case.pk for case in queue.page(sight(ben), queue=None, after=None, limit=9)] == [look.pk]
    assert queue.page(sight(ana), queue=None, after=None, limit=9) == []


def test_what_is_counted_of_the_queue_leaves_out_what_is_not_for_them(first, ana, ben):
    cache.clear()
    assert queue.piles_seen(sight(ben))["default"].open == 1
    assert queue.piles_seen(sight(ana))["default"] == queue.Pile("default")


def test_who_consented_knows_the_case_as_well_as_who_decided(fold, ana, ben, person):
    fold(reported(post("p1")))
    terminate = {"kind": "act", "policy": "spam", "actions": (Chosen("terminate"),), "confirmed": True}
    made = decided(Case.objects.get(), ana, **terminate)
    later(hours=2)
    assert not SecondLook.objects.exists()
    second(made.uid, ben)
    cleo = person("cleo")
    later(hours=1)
    look = the_look().case
    assert [sight(one).sees(look) for one in (ana, ben, cleo)] == [False, False, True]


def test_a_filter_of_the_queue_does_not_tell_it_from_a_first_look(first):
    def found(kind):
        return Case.objects.filter(Part(kind=kind).condition(), state="open").exists()

    assert (found("review"), found("appeal"), found("second")) == (True, False, False)


def _what_follows() -> list[object]:
    rows = [Decision.objects.count(), Delivery.objects.count(), Hold.objects.count()]
    return [*rows, list(ReporterTally.objects.values()), licences.drawn("spam")]


def test_nothing_follows_from_it(first, fold, ana, ben):
    Audit.objects.create(case=first, policy="spam", score=0.9, inclusion=0.05, drawn_at=timezone.now())
    kept = _what_follows()
    agreed = agreement(timezone.now() - timedelta(days=30))
    before = Case.objects.filter(pk=first.pk).values().get()
    decided(the_look().case, ben, **DISMISS)
    told()
    assert _what_follows() == kept
    assert Case.objects.filter(pk=first.pk).values().get() == before
    assert agreement(timezone.now() - timedelta(days=30)) == agreed
    assert the_look().case.outcome == ""


def test_it_is_asked_and_refused_as_any_other_case(first, ben):
    look = the_look().case
    with pytest.raises(Invalid, match="policy"):
        decided(look, ben, kind="act", policy=None, actions=(Chosen("remove"),))
    with pytest.raises(Invalid, match="kind review"):
        decided(look, ben, kind="uphold", policy=None)
    with pytest.raises(Conflict):
        decide(look.pk, version=look.version + 1, by=ben, **DISMISS)


def test_what_was_decided_is_kept_with_its_entry_in_the_ledger(first, ben):
    done = decided(the_look().case, ben, **REMOVE, reason="an advert")
    look = the_look()
    assert (look.kind, look.under, look.actions, look.reason) == ("act", "spam", [["remove", {}]], "an advert")
    assert (done.uid, look.decided_by) == (look.uid, ben)
    entry = Entry.objects.get(act="second_look")
    assert entry.obj == f"case:{look.case_id}"


def test_who_comes_second_to_a_second_look_is_told_who_was_first(first, ben, person):
    look = the_look().case
    decided(look, ben, **DISMISS)
    with pytest.raises(Conflict, match=ben.pseudonym):
        decided(look, person("cleo"), **DISMISS)


def test_inside_the_undo_window_it_is_taken_back_and_waits_again_unknown(first, ben):
    done = decided(the_look().case, ben, **DISMISS)
    assert not sight(ben).sees(first)
    gone = undo(done.uid, ben)
    assert (gone.uid, gone.undone_at is not None) == (done.uid, True)
    look = the_look()
    assert (look.kind, look.decided_by, look.case.state) == ("", None, "open")
    assert cases.next_case(ben).pk == look.case_id


def test_when_it_may_be_told_the_first_case_is_seen_again_and_nothing_can_be_taken_back(first, ana, ben):
    look = looked(first, ben)
    assert sight(ben).sees(first)
    with pytest.raises(CannotUndo, match="second look"):
        undo(look.uid, ben)
    with pytest.raises(CannotUndo, match="no decision"):
        undo(look.uid, ana)


def test_both_are_told_where_they_differ_and_nobody_where_they_agree(first, fold, ana, ben, person):
    look = looked(first, ben)
    assert queries.differing(ana) == queries.differing(ben) == [look]
    assert queries.differing(person("cleo")) == []
    assert (queries.untold(ana), queries.untold(ben)) == (1, 1)
    again.tell(ana)
    assert (queries.untold(ana), queries.untold(ben)) == (0, 1)


def test_where_they_agree_there_is_nothing_to_tell(first, ana, ben):
    looked(first, ben, **REMOVE)
    assert queries.differing(ana) == []


def test_a_decision_that_is_taken_back_is_not_looked_at_any_more(first, ana, ben):
    undo(the_look().first.uid, ana)
    look = the_look()
    assert (look.case.state, look.withdrawn_at is not None) == ("closed", True)
    assert [case.pk for case in queue.page(sight(ben), queue=None, after=None, limit=9)] == [first.pk]
    with pytest.raises(Conflict):
        decided(look.case, ben, **DISMISS)


@pytest.mark.parametrize("event", [reported(post("p1"), "r2"), appealed(post("p1"))])
def test_whatever_would_tell_of_the_first_decision_ends_the_look(first, fold, event):
    fold(event)
    again.look()
    assert the_look().withdrawn_at is not None


def test_what_nobody_comes_to_is_given_up(first):
    SecondLook.objects.update(drawn_at=timezone.now() - again.PATIENCE - timedelta(hours=1))
    again.look()
    assert the_look().withdrawn_at is not None


def test_it_does_not_keep_the_document_from_changing(first):
    Case.objects.filter(pk=the_look().case_id).update(queue="gone", policy="gone")
    again.look()
    assert the_look().withdrawn_at is not None


def test_one_that_the_order_does_not_bring_is_handed_out_before_its_turn_one_in_ten(first, fold, ben):
    hurry()
    Case.objects.filter(pk=the_look().case_id).update(rank=-1e9)
    fold(reported(post("p2")))
    assert cases.next_case(ben).pk == the_look().case_id
    looked(first, ben)
    fold(reported(post("p3")))
    SecondLook.objects.filter(case__again=first).update(decided_at=timezone.now() - timedelta(minutes=1))
    assert again.due(ben) == []


def test_it_wakes_nobody_and_does_not_look_like_a_case_that_waits_long(first):
    Case.objects.filter(pk=the_look().case_id).update(lane=0, opened_at=timezone.now() - timedelta(days=1))
    assert urgent.critical() == []
    assert queue.oldest(0) is None


def test_machines_that_read_cases_and_the_history_of_an_item_do_not_meet_it(first, ben):
    look = the_look().case
    assert [case.pk for case in listing.page(before=None, limit=9)] == [first.pk]
    looked(first, ben)
    assert [case.pk for case in history.cases_on([post("p1").ref], limit=9)] == [first.pk]
    assert look.pk != first.pk


def test_children_are_looked_at_no_more_often_than_they_must(platform):
    assert again.share_of("minors", policies.current()) == 0
    assert again.share_of("spam", policies.current()) == 1
    assert again.share_of(None, policies.current()) == 1
    assert again.share_of("gone", policies.current()) == 0


class TestADeskOfOne:
    @pytest.fixture
    def first(self, fold, ana):
        fold(reported(post("p1")))
        case = Case.objects.get()
        decided(case, ana, **REMOVE)
        later(hours=2)
        case.refresh_from_db()
        return case

    def test_the_only_person_gets_their_case_again_when_two_weeks_have_passed(self, first, ana):
        assert not SecondLook.objects.exists()
        later(days=14)
        case = cases.next_case(ana)
        assert (case.kind, case.again_id) == ("second", first.pk)
        assert not sight(ana).sees(first)

    def test_it_is_a_repeat_and_no_second_look(self, first, ana):
        later(days=14)
        look = looked(first, ana)
        assert look.decided_by == look.first.decided_by
        assert queries.differing(ana) == [look]

    def test_who_joins_meanwhile_may_decide_it_as_well(self, first, person):
        later(days=14)
        assert cases.next_case(person("ben")).again_id == first.pk

    def test_where_there_are_others_nobody_gets_their_own_case_again(self, first, ben):
        later(days=14)
        SecondLook.objects.all().delete()
        Case.objects.filter(kind="second").delete()
        later(hours=1)
        assert not SecondLook.objects.exists()


def test_over_the_api_it_is_the_case_as_it_was_before_anybody_decided_it(fold, ana, of_ben, of_ana):
    fold(reported(post("p1")), reported(post("p1"), "r2"))
    first = Case.objects.get()
    [row] = of_ben("GET", "/queue").json()["items"]
    whole = of_ben("GET", f"/cases/{first.pk}").json()
    decided(first, ana, **REMOVE)
    later(hours=2)
    look = the_look()
    assert of_ben("GET", "/queue").json()["items"] == [row | {"id": look.case_id}]
    assert of_ben("GET", f"/cases/{look.case_id}").json() == whole | {"id": look.case_id}
    assert of_ben("GET", f"/cases/{first.pk}").status_code == 404
    assert of_ana("GET", "/queue").json()["items"] == []
    assert of_ana("GET", f"/cases/{look.case_id}").status_code == 404
    assert of_ben("POST", "/queue/next").json()["case"]["id"] == look.case_id


def test_deciding_and_undoing_over_the_api_answer_as_for_any_other(first, of_ben):
    look = the_look()
    body = {"version": 1, "kind": "act", "policy": "spam", "actions": [{"action": "remove"}]}
    answer = of_ben("POST", f"/cases/{look.case_id}/decisions", body)
    assert answer.status_code == 200
    done = answer.json()
    assert (done["id"], done["kind"], done["undone_at"], done["needs_second"]) == (look.uid, "act", None, False)
    undone = of_ben("POST", f"/decisions/{done['id']}/undo").json()
    assert undone.pop("undone_at")
    assert undone.items() <= done.items()
    assert the_look().case.state == "open"


def test_the_export_has_what_may_be_told_and_no_names(first, ana, ben):
    assert [row["row"] for row in export_quality.rows()] == ["policy"]
    looked(first, ben)
    look, policy = export_quality.rows()
    assert (look["case"], look["first"], look["second"], look["agreed"]) == (first.pk, "spam", None, False)
    assert (policy["policy"], policy["drawn"], policy["waiting"]) == ("spam", 1, 0)
    assert policy["others"]["decided"] == 1
    text = json.dumps([look, policy])
    assert ana.pseudonym not in text
    assert ben.pseudonym not in text
