"""A program that works through the queue for a person: it may what they may in the console, and no more."""

import pytest
from django.test import Client

from evenhand.desk.accounts import services as accounts
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.enforcement.models import Decision, Delivery
from tests.desk.conftest import post, reported
from tests.support.program import Program


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


def removal(case, **more):
    return {"version": case.version, "kind": "act", "policy": "spam", "actions": [{"action": "remove"}], **more}


def test_the_queue_tells_what_waits_and_why(case, of_ana):
    [row] = of_ana("GET", "/queue").json()["items"]
    assert (row["id"], row["item"]["id"], row["reports"], row["holder"]) == (case.pk, "p1", 1, None)
    assert row["why"] == case.why


def test_the_queue_comes_in_pages(fold, of_ana):
    fold(*[reported(post(f"p{n}")) for n in range(3)])
    first = of_ana("GET", "/queue?limit=2").json()
    second = of_ana("GET", f"/queue?limit=2&cursor={first['next']}").json()
    assert len({row["id"] for row in first["items"] + second["items"]}) == 3
    assert second["next"] is None


def test_two_programs_never_get_the_same_case(fold, of_ana, of_ben):
    fold(reported(post("p1")), reported(post("p2")))
    taken = [program("POST", "/queue/next").json()["case"]["id"] for program in (of_ana, of_ben)]
    assert len(set(taken)) == 2


def test_an_empty_queue_hands_nothing_out(of_ana):
    assert of_ana("POST", "/queue/next").json() == {"case": None}


def test_a_case_that_somebody_holds_is_refused_with_who_holds_it_until_they_give_it_back(case, ana, of_ana, of_ben):
    assert of_ana("PUT", f"/cases/{case.pk}/lease").json()["holder"] == ana.pseudonym
    refused = of_ben("PUT", f"/cases/{case.pk}/lease")
    assert refused.status_code == 409
    assert ana.pseudonym in refused.json()["detail"]
    assert of_ben("POST", f"/cases/{case.pk}/decisions", removal(case)).status_code == 409
    assert of_ana("DELETE", f"/cases/{case.pk}/lease").status_code == 204
    assert of_ben("PUT", f"/cases/{case.pk}/lease").status_code == 200


def test_a_lease_from_the_console_holds_here_too(case, ana, of_ben):
    cases.take(case.pk, ana)
    assert of_ben("PUT", f"/cases/{case.pk}/lease").status_code == 409
    assert of_ben("POST", "/queue/next").json() == {"case": None}


def test_a_decision_is_the_persons_and_the_ledger_names_the_key(case, ana, of_ana):
    answer = of_ana("POST", f"/cases/{case.pk}/decisions", removal(case))
    assert (answer.status_code, answer.json()["by"]) == (200, ana.pseudonym)
    assert Decision.objects.get().decided_by == ana
    assert Entry.objects.get(act="decision").actor == f"user:{ana.pseudonym} by key:of-ana"


def test_a_second_decision_is_told_who_was_first_and_what_they_did(case, ana, of_ana, of_ben):
    of_ana("POST", f"/cases/{case.pk}/decisions", removal(case))
    refused = of_ben("POST", f"/cases/{case.pk}/decisions", removal(case))
    assert refused.status_code == 409
    assert ana.pseudonym in refused.json()["detail"]
    assert Decision.objects.count() == 1


def test_a_decision_can_be_taken_back_once_before_anything_left(case, of_ana):
    made = of_ana("POST", f"/cases/{case.pk}/decisions", removal(case)).json()["id"]
    assert of_ana("POST", f"/decisions/{made}/undo").json()["undone_at"]
    assert Delivery.objects.get().state == "cancelled"
    assert Case.objects.get().state == "open"
    assert of_ana("POST", f"/decisions/{made}/undo").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "dismiss"},
        {"version": 1, "kind": "act"},
        {"version": 1, "kind": "act", "policy": "spam", "actions": [{"action": "nothing-like-it"}]},
        {"version": 1, "kind": "act", "policy": "unheard-of", "actions": [{"action": "remove"}]},
    ],
    ids=["no version", "no policy", "no such action", "no such policy"],
)
def test_what_is_no_decision_is_refused_and_changes_nothing(case, of_ana, body):
    assert of_ana("POST", f"/cases/{case.pk}/decisions", body).status_code == 400
    assert not Decision.objects.exists()


def test_who_made_the_decision_that_is_appealed_is_barred(case, ana, of_ana):
    CaseBar.objects.create(case=case, user=ana)
    assert of_ana("PUT", f"/cases/{case.pk}/lease").status_code == 403
    assert of_ana("POST", f"/cases/{case.pk}/decisions", removal(case)).status_code == 403
    assert of_ana("POST", "/queue/next").json() == {"case": None}


@pytest.mark.parametrize(
    "roles", [("moderator",), ("moderator", "child_safety")], ids=["without the role", "with the role"]
)
def test_child_safety_cases_do_not_exist_for_a_key(case, person, roles):
    Case.objects.update(queue="minors", policy="minors")
    program = Program("eager", person("eve", *roles))
    assert program("GET", "/queue").json()["items"] == []
    assert program("POST", "/queue/next").json() == {"case": None}
    assert program("GET", f"/cases/{case.pk}").status_code == 404
    assert program("PUT", f"/cases/{case.pk}/lease").status_code == 404
    assert program("POST", f"/cases/{case.pk}/decisions", removal(case)).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "admin", "legal"])
def test_a_person_without_a_role_that_decides_has_no_program_that_decides(case, person, role):
    program = Program("other", person("eve", role))
    for method, path in (("GET", "/queue"), ("POST", "/queue/next"), ("GET", f"/cases/{case.pk}")):
        assert program(method, path).status_code == 403


def test_who_left_the_desk_takes_their_programs_along(case, ana, of_ana):
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    assert of_ana("GET", "/queue").status_code == 403


def test_a_key_of_another_scope_decides_nothing(case):
    raw = accounts.create_key("other", ["read", "act"], by="system:test")
    answer = Client(headers={"X-API-KEY": raw}).get("/api/v2/queue")
    assert answer.status_code == 403


@pytest.mark.parametrize("scopes", [["moderate"], ["read"]])
def test_a_key_has_a_person_exactly_when_it_decides(ana, scopes):
    with pytest.raises(accounts.Refused):
        accounts.create_key("wrong", scopes, by="system:test", acts_as=None if scopes == ["moderate"] else ana)
