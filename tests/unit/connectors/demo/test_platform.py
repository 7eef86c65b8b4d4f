"""Harbourlight does what genuine webhooks ask, once, and nothing that others send."""

import http.client
import json
from datetime import UTC, datetime

import pytest

from evenhand.connectors.demo.pictures import png
from evenhand.connectors.demo.platform import Platform
from evenhand.connectors.demo.receiver import Receiver
from evenhand.connectors.demo.scene import Day, Scene
from evenhand.connectors.demo.town import residents

ANNA, BEN = residents()[:2]


@pytest.fixture
def scene():
    return Scene("test", Day(datetime(2026, 5, 1, tzinfo=UTC)))


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def receiver(platform):
    def verify(body, headers):
        if headers.get("webhook-signature") != "good":
            raise ValueError("No signature of the webhook was made with this key.")
        return headers["webhook-id"]

    receiver = Receiver(0, platform, verify)
    receiver.start()
    yield receiver
    receiver.stop()


def ask(receiver, method, path, body=b"", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=5)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def action(name, item):
    return {"action": {"id": name}, "item": {"id": item["id"], "typeId": item["typeId"], "typeName": "Post"}}


def test_a_suspended_author_writes_nothing_until_let_back(platform, scene):
    first = scene.post(0, ANNA, "hello")
    assert platform.publish(scene.sent(0, first))
    platform.take("m1", action("suspend", first))
    assert not platform.publish(scene.sent(1, scene.post(1, ANNA, "again")))
    assert platform.publish(scene.sent(1, scene.post(1, BEN, "me too")))
    platform.take("m2", action("let-back", first))
    assert platform.publish(scene.sent(2, scene.post(2, ANNA, "thank you")))


def test_who_was_struck_may_appeal_with_the_item_that_was_struck(platform, scene):
    post = scene.post(0, ANNA, "hello")
    platform.publish(scene.sent(0, post))
    platform.take("m1", action("remove", post))
    assert platform.next_appeal() == ("remove", post)
    assert platform.next_appeal() is None


def test_a_genuine_webhook_is_done_once(receiver, platform, scene):
    body = json.dumps(action("remove", scene.post(0, ANNA, "x"))).encode()
    headers = {"webhook_id": "m1", "webhook_signature": "good"}
    assert ask(receiver, "POST", "/webhooks", body, **headers) == (200, b"done")
    assert ask(receiver, "POST", "/webhooks", body, **headers) == (200, b"done before")
    assert len(platform.received) == 1
    assert json.loads(ask(receiver, "GET", "/received")[1])[0]["action"] == "remove"


def test_a_webhook_without_a_genuine_signature_does_nothing(receiver, platform, scene):
    body = json.dumps(action("remove", scene.post(0, ANNA, "x"))).encode()
    status, said = ask(receiver, "POST", "/webhooks", body, webhook_id="m1", webhook_signature="forged")
    assert status == 401
    assert b"signature" in said
    assert not platform.received


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/elsewhere", 400), ("GET", "/pictures/../x.png", 404)]
)
def test_other_addresses_are_not_served(receiver, method, path, status):
    assert ask(receiver, method, path)[0] == status


def test_a_body_that_is_not_json_is_refused(receiver):
    assert ask(receiver, "POST", "/webhooks", b"{", webhook_id="m", webhook_signature="good")[0] == 401


def test_a_picture_is_a_png_and_the_same_for_the_same_name(receiver):
    status, picture = ask(receiver, "GET", "/pictures/harbour-3.png")
    assert status == 200
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture == png("harbour-3") != png("harbour-4")
