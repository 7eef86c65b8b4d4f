"""A decision that is sent again under its Idempotency-Key happens once, and is answered as the first time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from evenhand.desk.accounts import services as accounts
from evenhand.desk.accounts.models import KeptAnswer
from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Batch, Decision
from tests.desk.conftest import post, reported

KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def case(fold):
    fold(reported(post("p1")))
    return Case.objects.get()


def removal(**more):
    return {"version": 1, "kind": "act", "policy": "spam", "actions": [{"action": "remove"}], **more}


def test_the_same_again_is_answered_the_same_and_decides_nothing(case, of_ana):
    path = f"/cases/{case.pk}/decisions"
    first, second = (of_ana("POST", path, removal(), **KEY) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content) == (200, first.content)
    assert Decision.objects.count() == 1


def test_without_a_key_the_same_again_is_a_conflict(case, of_ana):
    path = f"/cases/{case.pk}/decisions"
    assert [of_ana("POST", path, removal()).status_code for _ in range(2)] == [200, 409]


@pytest.mark.parametrize("other", [{"reason": "other"}, {"confirmed": True}, {"kind": "dismiss", "actions": []}])
def test_something_else_under_the_same_key_is_refused(case, of_ana, other):
    path = f"/cases/{case.pk}/decisions"
    of_ana("POST", path, removal(), **KEY)
    refused = of_ana("POST", path, removal(**other), **KEY)
    assert (refused.status_code, refused.json()["type"]) == (422, "/api/docs#problem-idempotency-key-reused")
    assert Decision.objects.count() == 1


def test_another_case_under_the_same_key_is_refused(case, fold, of_ana):
    fold(reported(post("p2")))
    of_ana("POST", f"/cases/{case.pk}/decisions", removal(), **KEY)
    other = Case.objects.get(item_id="p2")
    assert of_ana("POST", f"/cases/{other.pk}/decisions", removal(), **KEY).status_code == 422
    assert Case.objects.get(item_id="p2").state == "open"


def test_what_was_refused_may_be_put_right_under_the_same_key(case, of_ana):
    path = f"/cases/{case.pk}/decisions"
    assert of_ana("POST", path, removal(policy="unheard-of"), **KEY).status_code == 400
    assert of_ana("POST", path, removal(), **KEY).status_code == 200


def test_programs_do_not_share_their_keys(case, fold, of_ana, of_ben):
    fold(reported(post("p2")))
    numbers = Case.objects.order_by("pk").values_list("pk", flat=True)
    answers = [
        one("POST", f"/cases/{pk}/decisions", removal(), **KEY)
        for one, pk in zip((of_ana, of_ben), numbers, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_cluster_is_decided_once_too(fold, of_ana):
    words = "The council met last night behind closed doors and sold our park to Brindok, tell everybody"
    fold(*(reported(post(f"p{n}", words, f"author{n}")) for n in range(2)))
    cluster = Case.objects.get(behind=False).cluster_id
    body = removal(version=of_ana("GET", f"/clusters/{cluster}").json()["version"])
    first, second = (of_ana("POST", f"/clusters/{cluster}/decisions", body, **KEY) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, first.content)
    assert Batch.objects.count() == 1


def test_answers_are_kept_for_a_day(case, of_ana):
    of_ana("POST", f"/cases/{case.pk}/decisions", removal(), **KEY)
    assert accounts.forget_answers() == 0
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    assert accounts.forget_answers() == 1


def test_a_key_that_is_none_is_refused(case, of_ana):
    answer = of_ana("POST", f"/cases/{case.pk}/decisions", removal(), **{"Idempotency-Key": "with spaces"})
    assert answer.status_code == 400
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_twice_at_one_moment_happens_once(case, of_ana):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")

    def send(_n):
        try:
            return of_ana("POST", f"/cases/{case.pk}/decisions", removal(), **KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert Decision.objects.count() == 1
