"""Appeals over REST: seen with what they are about, and never heard by who decided first."""

import pytest

from evenhand.desk.audit import queries as ledger
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import Chosen, decide
from tests.desk.conftest import appealed, post, reported
from tests.support.program import Program


@pytest.fixture
def of_ana(ana, platform):
    return Program("of-ana", ana)


@pytest.fixture
def of_ben(ben, platform):
    return Program("of-ben", ben)


@pytest.fixture
def appeal(fold, ana):
    fold(reported(post("p1")))
    first = Case.objects.get()
    decide(first.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("remove")], reason="An advert.")
    Delivery.objects.update(state="delivered", attempts=1)
    fold(appealed(post("p1"), actions=("remove",), reason="It was a joke."))
    return Appeal.objects.get()


def path(appeal, last="decisions"):
    return f"/cases/{appeal.case_id}/{last}"


def test_an_appeal_tells_what_it_is_about(appeal, ana, of_ben):
    [told] = of_ben("GET", "/appeals").json()["items"]
    assert (told["id"], told["reason"], told["barred"]) == (appeal.appeal_id, "It was a joke.", False)
    assert (told["case"]["id"], told["case"]["kind"]) == (appeal.case_id, "appeal")
    [about] = told["about"]
    assert (about["by"], about["policy"], about["reason"], about["stands"]) == (
        ana.pseudonym,
        "spam",
        "An advert.",
        True,
    )
    assert about["actions"] == [{"action": "remove", "parameters": {}}]


def test_who_decided_first_sees_that_it_is_not_theirs_and_cannot_hear_it(appeal, of_ana):
    assert of_ana("GET", "/appeals").json()["items"][0]["barred"]
    assert of_ana("POST", "/queue/next").json() == {"case": None}
    for method, last, body in (("PUT", "lease", None), ("POST", "decisions", {"version": 1, "kind": "uphold"})):
        assert of_ana(method, path(appeal, last), body).status_code == 403
    assert Case.objects.get(pk=appeal.case_id).state == "open"


@pytest.mark.parametrize(("kind", "outcome"), [("uphold", "rejected"), ("overturn", "accepted")])
def test_somebody_else_hears_it_by_a_decision_on_its_case(appeal, ben, of_ben, kind, outcome):
    heard = of_ben("POST", path(appeal), {"version": 1, "kind": kind, "reason": "Seen again."})
    assert (heard.status_code, heard.json()["kind"]) == (200, kind)
    appeal.refresh_from_db()
    assert appeal.outcome == outcome
    assert of_ben("GET", "/appeals").json() == {"items": [], "next": None}
    assert Entry.objects.get(act="appeal_heard").actor == f"user:{ben.pseudonym} by key:of-ben"


def test_a_verdict_is_taken_back_like_any_decision(appeal, of_ben):
    made = of_ben("POST", path(appeal), {"version": 1, "kind": "overturn"}).json()["id"]
    assert of_ben("POST", f"/decisions/{made}/undo").status_code == 200
    assert len(of_ben("GET", "/appeals").json()["items"]) == 1


@pytest.mark.parametrize("kind", ["act", "dismiss"])
def test_an_appeal_is_not_decided_like_a_report(appeal, of_ben, kind):
    body = {"version": 1, "kind": kind, "policy": "spam", "actions": [{"action": "remove"}] * (kind == "act")}
    assert of_ben("POST", path(appeal), body).status_code == 400


def test_a_report_is_not_heard_like_an_appeal(fold, of_ben):
    fold(reported(post("p2")))
    case = Case.objects.get()
    assert of_ben("POST", f"/cases/{case.pk}/decisions", {"version": 1, "kind": "overturn"}).status_code == 400
    assert not Decision.objects.exists()


def test_appeals_come_in_pages(appeal, fold, of_ben):
    fold(appealed(post("p1"), "ap2", actions=("remove",)))
    first = of_ben("GET", "/appeals?limit=1").json()
    second = of_ben("GET", f"/appeals?limit=1&cursor={first['next']}").json()
    assert {one["id"] for one in first["items"] + second["items"]} == {"ap1", "ap2"}
    assert second["next"] is None


def test_appeals_on_child_safety_do_not_exist_for_a_key(appeal, of_ben):
    Case.objects.update(queue="minors", policy="minors")
    assert of_ben("GET", "/appeals").json()["items"] == []


def test_the_ledger_finds_what_a_person_did_by_a_key_under_both_names(appeal, ben, of_ben):
    of_ben("POST", path(appeal), {"version": 1, "kind": "uphold"})
    acts = {
        name: {row.act for row in ledger.page(actor=name).rows}
        for name in (f"user:{ben.pseudonym}", "key:of-ben", f"user:{ben.pseudonym} by key:of-ben", "key:of-be")
    }
    told = {"decision", "appeal_heard"}
    assert list(acts.values()) == [told, told, told, set()]
