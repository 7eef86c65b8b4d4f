"""Holds and licences over REST: what is hidden and why, letting go of it, and what is not told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from evenhand.desk.accounts import services as accounts
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Audit, Delivery, Hold, HoldStop
from evenhand.desk.enforcement.services import expire
from evenhand.desk.enforcement.services.holds import absorb
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref, Signal
from tests.desk.conftest import post, reported
from tests.desk.enforcement import licensing
from tests.support.program import Program


@pytest.fixture
def platform(db):
    licensing.apply(rules_may='"hold"', hold_limit=0.2, hold_budget=0.5)
    return policies.current(fresh=True)


def hold(item="p1"):
    signal = Signal(
        detector="rule:Flood", version="1", subject=Ref("post", item), event_id="e" * 32, at=now_micros(),
        summary="Rule Flood: many links", policy="spam", probability=0.9, effect="hold", evidence={"hours": 24.0},
    )  # fmt: skip
    with transaction.atomic():
        absorb([], [signal])
    return Hold.objects.get(item_id=item)


@pytest.fixture
def held(fold):
    fold(reported(post("p1")), reported(post("p2")))
    return [hold("p1"), hold("p2")]


def test_holds_tell_what_hides_what_why_and_until_when(held, of_ana):
    first, second = of_ana("GET", "/holds").json()["items"]
    assert (first["item"]["id"], second["item"]["id"]) == ("p2", "p1")
    assert (second["cause"], second["name"], second["reason"]) == ("rule", "Flood", "Rule Flood: many links")
    assert (second["policy"], second["ended_at"], second["end"]) == ("spam", None, None)
    assert second["case"] == Case.objects.get(item_id="p1").pk


def test_holds_come_in_pages(held, of_ana):
    first = of_ana("GET", "/holds?limit=1").json()
    second = of_ana("GET", f"/holds?limit=1&cursor={first['next']}").json()
    assert [one["id"] for one in first["items"] + second["items"]] == [held[1].pk, held[0].pk]
    assert second["next"] is None


def test_holds_are_found_by_state_and_policy(held, of_ana):
    Hold.objects.filter(pk=held[0].pk).update(until=timezone.now())
    expire()
    found = {
        state: [one["id"] for one in of_ana("GET", f"/holds?state={state}").json()["items"]]
        for state in ("open", "ended")
    }
    assert found == {"open": [held[1].pk], "ended": [held[0].pk]}
    assert of_ana("GET", "/holds?policy=harassment").json()["items"] == []
    assert len(of_ana("GET", "/holds?policy=spam").json()["items"]) == 2
    assert of_ana("GET", "/holds?state=maybe").status_code == 400


def test_a_hold_is_let_go_of_once_and_its_case_stays_open(held, ana, of_ana):
    answer = of_ana("POST", f"/holds/{held[0].pk}/release")
    assert (answer.status_code, answer.json()["end"]) == (200, "released")
    assert Case.objects.get(item_id="p1").state == "open"
    assert Delivery.objects.filter(action__action="restore", action__item_id="p1").count() == 1
    assert Entry.objects.get(act="released").actor == f"user:{ana.pseudonym} by key:of-ana"
    assert of_ana("POST", f"/holds/{held[0].pk}/release").status_code == 409


def test_a_person_hides_an_item_through_a_program_for_a_time_and_it_happens_once(fold, ana, of_ana):
    fold(reported(post("p1")))
    case = Case.objects.get()
    body = {"version": 1, "policy": "spam", "hours": 6, "reason": "A raid."}
    first, second = (of_ana("POST", f"/cases/{case.pk}/hold", body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, second.content) == (200, first.content)
    told = first.json()
    assert (told["cause"], told["name"], told["reason"], told["end"]) == ("person", ana.pseudonym, "A raid.", None)
    assert Entry.objects.get(act="held").actor == f"user:{ana.pseudonym} by key:of-ana"
    assert of_ana("GET", f"/cases/{case.pk}").json()["hold"]["id"] == told["id"]
    assert of_ana("POST", f"/holds/{told['id']}/release").status_code == 200


@pytest.mark.parametrize("wrong", [{"policy": "harassment"}, {"hours": 25}, {"hours": 0}, {"version": 2}])
def test_what_may_not_be_held_is_not(fold, of_ana, wrong):
    fold(reported(post("p1")))
    answer = of_ana("POST", f"/cases/{Case.objects.get().pk}/hold", {"version": 1, "policy": "spam", **wrong})
    assert answer.status_code == (409 if "version" in wrong else 400)
    assert not Hold.objects.exists()


def test_holds_of_child_safety_do_not_exist_for_a_key(held, of_ana):
    Case.objects.update(queue="minors", policy="minors")
    assert of_ana("GET", "/holds").json()["items"] == []
    assert of_ana("POST", f"/holds/{held[0].pk}/release").status_code == 404
    assert not Hold.objects.filter(ended_at__isnull=False).exists()


def test_who_decides_an_audit_is_not_told_of_its_hold_before(held, of_ana):
    audited = held[0]
    Hold.objects.filter(pk=audited.pk).update(cause=Hold.Cause.LICENCE, name="spam")
    type(audited.decision).objects.filter(pk=audited.decision_id).update(key_name="licence:spam")
    case = audited.decision.case
    Audit.objects.create(case=case, policy="spam", score=0.9, inclusion=0.05, drawn_at=timezone.now())
    assert [one["id"] for one in of_ana("GET", "/holds").json()["items"]] == [held[1].pk]
    assert of_ana("POST", f"/holds/{audited.pk}/release").status_code == 404
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert len(of_ana("GET", "/holds").json()["items"]) == 2


@pytest.mark.parametrize("path", ["/holds/0/release", "/holds/none/release"])
def test_what_is_no_hold_is_not_found(of_ana, path):
    assert of_ana("POST", path).status_code == 404


def test_licences_tell_what_they_stand_on(held, ana, of_ana):
    licensing.grant(score=0.8)
    [told] = of_ana("GET", "/licences").json()["items"]
    assert (told["policy"], told["score"], told["audited"], told["wrong"]) == ("spam", 0.8, 212, 3)
    assert (told["bound"], told["limit"], told["outcomes"]) == (0.046, 0.2, None)
    HoldStop.objects.create(at=timezone.now(), by=ana)
    assert of_ana("GET", "/licences").json()["stopped_by"] == ana.pseudonym


def test_a_key_that_reads_may_read_licences_but_not_holds(held):
    reader = Client(headers={"X-API-KEY": accounts.create_key("reader", ["read"], by="system:test")})
    assert reader.get("/api/v2/licences").status_code == 200
    assert reader.get("/api/v2/holds").status_code == 403


def test_licences_are_not_for_the_program_of_a_person_who_decides_nothing(platform, person):
    assert Program("other", person("eve", "legal"))("GET", "/licences").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_many_who_let_go_at_one_moment_one_does(held, of_ana):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")

    def let_go(_n):
        try:
            return of_ana("POST", f"/holds/{held[0].pk}/release").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(let_go, range(6)))
    assert answers == [200, 409, 409, 409, 409, 409]
    assert Delivery.objects.filter(action__action="restore").count() == 1
