"""Somebody at whom much comes: their page, what is counted, and one decision for what waits."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Batch, Decision
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Item, Ref
from tests.desk.conftest import post, reported, sent

PAGE = "/targets/?type=account&id=tia"
DECIDE = "/targets/decide/?type=account&id=tia"
WORDS = ("nobody likes you", "go away from here", "what a sad song")


def account(id_: str, days: int) -> Item:
    made = to_micros(timezone.now() - timedelta(days=days))
    return Item(ref=Ref("account", id_), kind="user", data={"handle": id_.title()}, name=id_.title(), created_at=made)


@pytest.fixture
def mob(fold):
    """Three answers to Tia's post by two accounts, one of them new, and one that names nobody."""
    fold(
        sent(account("tia", 900)), sent(account("ann", 900)), sent(account("new", 3)),
        sent(post("t1", "my boat", author="tia")),
        *(
            reported(post(f"m{n}", words, author="new" if n else "ann", parent=Ref("post", "t1")), policy="harassment")
            for n, words in enumerate(WORDS)
        ),
        reported(post("other", "Buy my boat"), policy="harassment"),
    )  # fmt: skip


def seen(answer) -> str:
    return re.search(r'name="seen" value="([^"]+)"', answer.content.decode()).group(1)


def test_the_page_counts_what_came_by_whom_and_how_new_they_are(desk, mob, text):
    answer = desk.get(PAGE)
    shown = text(answer)
    assert "What came at Tia" in shown
    assert "came 3 different authors 2" in shown
    assert "1 of 2 whose age is known (50 %)" in shown
    assert "3 open cases on it" in shown
    assert "Buy my boat" not in shown
    assert "<svg" in answer.content.decode()
    assert "The figures" in shown


def test_the_case_and_the_account_lead_there(desk, mob, text):
    page = desk.get(f"/cases/{Case.objects.get(item_id='m1').pk}/").content.decode()
    assert 'href="/targets/?type=account&amp;id=tia" data-key="T"' in page
    assert "/targets/" not in desk.get(f"/cases/{Case.objects.get(item_id='other').pk}/").content.decode()
    assert "/targets/?type=account" in desk.get("/items/?type=account&id=tia").content.decode()


def test_all_are_decided_at_once_and_taken_back_at_once(desk, mob, text):
    form = {"seen": seen(desk.get(PAGE)), "policy": "harassment", "do": "act:remove", "reason": "A mob."}
    answer = desk.post(DECIDE, form, follow=True)
    assert "Undo all" in text(answer)
    assert sorted(Decision.objects.values_list("item_id", flat=True)) == ["m0", "m1", "m2"]
    assert Case.objects.filter(state="open").count() == 1
    desk.post(f"/batches/{Batch.objects.get().uid}/undo/")
    assert Case.objects.filter(state="open").count() == 4


def test_above_twenty_the_number_is_asked_for(desk, fold, text):
    fold(sent(post("t1", "my boat", author="tia")))
    fold(*(reported(post(f"m{n}", f"words {n}", parent=Ref("post", "t1")), policy="spam") for n in range(21)))
    page = desk.get(PAGE)
    assert "Type 21 to go on." in text(page)
    form = {"seen": seen(page), "policy": "spam", "do": "dismiss"}
    refused = desk.post(DECIDE, form)
    assert (refused.status_code, Batch.objects.count()) == (422, 0)
    assert "type 21" in text(refused)
    assert desk.post(DECIDE, form | {"typed": "21"}).status_code == 302
    assert Batch.objects.get().items.count() == 21


def test_what_changed_meanwhile_is_told_and_nothing_is_decided(desk, mob, signed_in, ben, text):
    shown = seen(desk.get(PAGE))
    first = Case.objects.get(item_id="m0")
    signed_in(ben).post(f"/cases/{first.pk}/decide/", {"version": first.version, "do": "dismiss"})
    answer = desk.post(DECIDE, {"seen": shown, "policy": "harassment", "do": "act:remove"})
    assert answer.status_code == 409
    assert Batch.objects.count() == 0
    assert "2 open cases on it" in text(answer)


def test_no_nonsense_brings_it_down(desk, mob):
    for form in ({}, {"seen": "x-1.2-.-"}, {"seen": "9999-1"}, {"seen": "1-1", "do": "act:nothing"}):
        assert desk.post(DECIDE, form).status_code == 409
    for address in ("/targets/", "/targets/?type=post&id=t1", "/targets/?type=account&id=%00", "/targets/?type=x&id=y"):
        assert desk.get(address).status_code == 404
    assert "Nothing came at them" in desk.get("/targets/?type=account&id=nobody").content.decode()


def test_what_is_in_child_safety_cases_is_not_counted_for_others(desk, fold, mob, text):
    fold(reported(post("m9", "worse", author="cy", parent=Ref("post", "t1")), policy="minors"))
    assert "came 3 different authors 2" in text(desk.get(PAGE))


def test_only_who_searches_sees_it_and_only_who_decides_may_decide(signed_in, person, mob, text):
    assert signed_in(person("ada", "admin")).get(PAGE).status_code == 403
    legal = signed_in(person("lee", "legal"))
    assert "Decide together" not in text(legal.get(PAGE))
    assert legal.post(DECIDE, {}).status_code == 403
