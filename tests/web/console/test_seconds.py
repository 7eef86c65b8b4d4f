"""The consent of the second person: whoever may give it is led there, from the queue and from the delivery."""

import pytest

from evenhand.desk.cases.models import Case
from evenhand.desk.enforcement.models import Decision, Delivery
from evenhand.desk.enforcement.services import Chosen, decide, second, undo


@pytest.fixture
def waiting(case, ana) -> Decision:
    """Ana decided what takes two people."""
    return decide(
        case.pk, version=1, by=ana, kind="act", policy="spam", actions=[Chosen("terminate")],
        confirmed=True, reason="the third time",
    )  # fmt: skip


@pytest.fixture
def other(ben, signed_in):
    """What Ben sees."""
    return signed_in(ben)


@pytest.fixture
def message(waiting) -> str:
    """Where its message is."""
    return f"/deliveries/{Delivery.objects.get().message_id}/"


def test_the_queue_tells_who_may_consent_how_many_wait_and_leads_there(desk, waiting, other, text):
    page = other.get("/")
    assert "1 decision waits for a second person: you may be that one." in text(page)
    assert 'href="/status/#seconds"' in page.content.decode()
    assert 'id="seconds"' in other.get("/status/").content.decode()
    assert "waits for a second person" not in text(desk.get("/"))


@pytest.mark.parametrize("over", [second, undo])
def test_the_queue_says_nothing_when_nothing_waits(waiting, ben, signed_in, text, over):
    over(waiting.uid, ben)
    assert "waits for a second person" not in text(signed_in(ben).get("/"))


def test_the_delivery_tells_who_decided_and_takes_the_consent(message, waiting, other, ben, text):
    page = text(other.get(message))
    assert "It waits for a second person." in page
    assert f"decided by {waiting.decided_by.pseudonym}" in page
    assert "Terminate account" in page
    assert "the third time" in page
    after = text(other.post(f"{message}second/", follow=True))
    assert "You consented: its webhooks leave now." in after
    assert f"Consented to by {ben.pseudonym}" in after
    assert "It waits for a second person." not in after
    assert Delivery.objects.get().state == "pending"


def test_who_decided_is_told_that_it_must_be_somebody_else(desk, message, text):
    page = desk.get(message)
    assert "You made this decision: somebody else must consent to it." in text(page)
    assert f'action="{message}second/"' not in page.content.decode()
    assert "somebody else must consent" in text(desk.post(f"{message}second/", follow=True))
    assert Delivery.objects.get().state == "waiting"


def test_who_does_not_work_in_its_queue_is_told_so_on_both_pages(message, person, signed_in, text):
    legal = signed_in(person("lea", "legal"))
    page = legal.get(message)
    assert "Its case is in a queue that is not yours" in text(page)
    assert "Look at the case" not in text(page)
    assert f'action="{message}second/"' not in page.content.decode()
    assert "of a queue that is not yours" in text(legal.get("/status/"))
    assert "waits for a second person" not in text(legal.get("/"))


def test_a_message_that_no_decision_stands_behind_cannot_be_consented_to(message, other):
    Delivery.objects.update(decision=None)
    assert other.post(f"{message}second/").status_code == 404
    assert other.get(message).status_code == 200


def test_consenting_twice_says_that_nothing_waits(message, other, text):
    other.post(f"{message}second/")
    assert "does not wait for a second person" in text(other.post(f"{message}second/", follow=True))
    assert Case.objects.get().state == "closed"


def test_who_may_only_look_at_deliveries_cannot_consent(message, person, signed_in):
    admin = signed_in(person("adam", "admin"))
    assert admin.post(f"{message}second/").status_code == 403
    assert f'action="{message}second/"' not in admin.get(message).content.decode()
