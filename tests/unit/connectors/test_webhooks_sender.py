"""One attempt at a webhook, against receivers of every sort."""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from evenhand.connectors.webhooks import Sent, Webhooks, mint, secret_text, verify
from evenhand.engine.platform import Destination
from tests.support.liars import Behaviour, Liar, answer, drip, hang, lying, say
from tests.support.ports import HOST, free_port

NOW = 1_700_000_000
LOCAL = Webhooks(allow_private=[HOST], clock=lambda: NOW)
SHARED = ("v1", mint("v1")[1])


def send(url: str, *, wire: Webhooks = LOCAL, timeout: float = 5, headers: Mapping[str, str] | None = None) -> Sent:
    to = Destination(id="app", url=url, signature="v1", timeout_seconds=timeout, headers=dict(headers or {}))
    return wire.send(to, message_id="msg_1", kind="test", payload={}, secrets=[SHARED])


def to(behaviour: Behaviour, **options: Any) -> Sent:
    with lying(behaviour) as receiver:
        return send(receiver.url, **options)


def heard(receiver: Liar) -> tuple[dict[str, str], bytes]:
    head, _, body = receiver.heard[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}, body


def test_a_receiver_can_verify_what_it_gets() -> None:
    with lying(answer(204)) as receiver:
        sent = send(receiver.url)
    headers, body = heard(receiver)
    assert (sent.status, sent.error, sent.body) == (204, "", body)
    assert verify(body, headers, [secret_text(SHARED[1])], now=NOW) == "msg_1"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("Evenhand/")


def test_a_receiver_that_expects_coop_can_verify_coops_signature_and_the_standards() -> None:
    pem, private = mint("coop")
    public, seed = mint("v1a")
    with lying(answer(200)) as receiver:
        destination = Destination(id="app", url=receiver.url, signature="coop")
        LOCAL.send(destination, message_id="msg_1", kind="test", payload={}, secrets=[("coop", private), ("v1a", seed)])
    headers, body = heard(receiver)
    check_coop(pem, headers["coop-signature"], body)
    assert verify(body, headers, [public], now=NOW) == "msg_1"
    assert "coop-signature-next" not in headers


def test_while_coops_key_rotates_the_old_one_signs_and_the_new_one_can_be_tried() -> None:
    old, new, other = mint("coop"), mint("coop"), mint("v1a")
    with lying(answer(200)) as receiver:
        destination = Destination(id="app", url=receiver.url, signature="coop")
        secrets = [("coop", old[1]), ("coop", new[1]), ("v1a", other[1])]
        LOCAL.send(destination, message_id="msg_1", kind="test", payload={}, secrets=secrets)
    headers, body = heard(receiver)
    check_coop(old[0], headers["coop-signature"], body)
    check_coop(new[0], headers["coop-signature-next"], body)


def check_coop(pem: str, signature: str, body: bytes) -> None:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == 2048
    key.verify(b64decode(signature), body, PKCS1v15(), SHA256())


@pytest.mark.parametrize("signature", ["v1", "v1a", "coop"])
def test_nothing_is_sent_unsigned(signature: Any) -> None:
    with lying(answer(200)) as receiver:
        destination = Destination(id="app", url=receiver.url, signature=signature)
        with pytest.raises(ValueError, match="nothing is sent unsigned"):
            LOCAL.send(destination, message_id="msg_1", kind="test", payload={}, secrets=[])
    assert receiver.connections == 0


def test_a_destinations_own_headers_are_sent_but_do_not_replace_the_signature() -> None:
    with lying(answer(200)) as receiver:
        send(receiver.url, headers={"Authorization": "Bearer x", "Webhook-Signature": "v1,forged", "User-Agent": "y"})
    headers, body = heard(receiver)
    assert headers["authorization"] == "Bearer x"
    assert headers["user-agent"].startswith("Evenhand/")
    assert verify(body, headers, [secret_text(SHARED[1])], now=NOW)


def test_an_answer_of_failure_is_told_with_its_first_words() -> None:
    sent = to(answer(503, b"  down for\n maintenance " + b"x" * 5000))
    assert sent.status == 503
    assert sent.error.startswith("Answered 503: down for maintenance xxx")
    assert len(sent.error) < 600


def test_the_words_of_a_failure_are_text_whatever_the_receiver_sends() -> None:
    assert to(answer(500, b"\x00\xff<script>")).error == "Answered 500: ��<script>"


def test_a_redirect_is_not_followed_and_its_target_is_told() -> None:
    with lying(answer(200)) as inside:
        sent = to(answer(307, Location=inside.url))
    assert sent.status == 307
    assert inside.url in sent.error
    assert inside.connections == 0


@pytest.mark.parametrize(
    "body",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n", b"a", every=0.1),
        say(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 9_000_000),
    ],
)
def test_delivered_is_delivered_whatever_the_receiver_goes_on_to_say(body: Behaviour) -> None:
    sent = to(body)
    assert sent.status == 200
    assert sent.milliseconds < 2000


@pytest.mark.parametrize("behaviour", [hang, say(b""), say(b"\x00" * 100)])
def test_no_answer_is_told_as_a_sentence(behaviour: Behaviour) -> None:
    sent = to(behaviour, timeout=0.3)
    assert sent.status is None
    assert sent.error.endswith(".")


def test_a_refused_connection_is_told() -> None:
    assert "Connection refused" in send(f"http://{HOST}:{free_port()}/").error


def test_a_private_receiver_is_refused_unless_it_is_allowed() -> None:
    with lying(answer(200)) as receiver:
        sent = send(receiver.url, wire=Webhooks(allow_private=[]))
    assert receiver.connections == 0
    assert "allow_private" in sent.error


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (format_datetime(datetime.fromtimestamp(NOW + 90, UTC), usegmt=True), 90),
        (format_datetime(datetime.fromtimestamp(NOW - 90, UTC), usegmt=True), 0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_how_long_the_receiver_wants_to_be_left_alone(header: str, seconds: float | None) -> None:
    assert to(answer(429, Retry_After=header)).retry_after == seconds


def test_the_body_of_an_attempt_is_kept_as_it_left() -> None:
    assert json.loads(to(answer(200)).body)["type"] == "test"
