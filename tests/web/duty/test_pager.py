"""Each of a person's ways has its connector: push, mail through Django, and a signed webhook."""

import threading

import msgspec
import pytest
from django.core import mail

from evenhand.connectors.webhooks import secret_text, verify
from evenhand.desk.duty import services
from evenhand.desk.duty.queries import ways
from evenhand.desk.enforcement.jobs import Deliverer
from evenhand.desk.enforcement.models import Delivery
from evenhand.desk.enforcement.services import secrets
from evenhand.desk.web.paging import SCHEDULE, Pager
from evenhand.runtime import config
from tests.desk.enforcement.conftest import turn
from tests.support.ports import HOST
from tests.support.receiver import receiving_raw


@pytest.fixture
def configured(monkeypatch):
    def configured(**more):
        values = msgspec.structs.replace(config.current(), allow_private=(HOST,), **more)
        monkeypatch.setattr(config, "current", lambda: values)

    configured()
    return configured


def deliver(stop):
    wire = Pager()
    turn(
        Deliverer(stop, wire, destinations=ways.destinations, policy=SCHEDULE),
        lambda: not Delivery.objects.filter(state="pending", attempts=0).exists(),
    )
    return Delivery.objects.get()


@pytest.fixture
def stop():
    return threading.Event()


def test_a_mail_leaves_through_the_server_that_is_configured(ana, configured, stop, platform):
    configured(mail_host="mail.example")
    services.set_way(ana, "mail", "ana@example.com", by=ana)
    services.try_ways(ana)
    assert deliver(stop).state == "delivered"
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ana@example.com"], "Evenhand: test")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_without_a_server_the_mail_waits_and_says_why(ana, configured, stop, platform):
    services.set_way(ana, "mail", "ana@example.com", by=ana)
    services.try_ways(ana)
    assert "mail_host" in Delivery.objects.get(pk=deliver(stop).pk).last_error
    assert mail.outbox == []


def test_a_push_is_a_post_to_the_topic(ana, configured, stop, platform):
    with receiving_raw() as topic:
        services.set_way(ana, "push", f"{topic.url}/t", by=ana)
        services.try_ways(ana)
        assert deliver(stop).state == "delivered"
        assert [got.path for got in topic.got] == ["/t"]


def test_a_webhook_to_a_person_is_signed_with_a_secret_of_its_own(ana, configured, stop, platform):
    with receiving_raw() as hook:
        services.set_way(ana, "webhook", hook.url, by=ana)
        services.try_ways(ana)
        deliver(stop)
        [got] = hook.got
    [signer] = secrets.signers(ways.destinations()[ways.name(ana.pseudonym, "webhook")], Pager())
    assert verify(got.body, got.headers, [secret_text(signer.private)]) == Delivery.objects.get().message_id
