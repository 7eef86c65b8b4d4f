"""Reaching a person: what leaves by push and by mail, and what is made of the answer."""

import smtplib
from email.header import decode_header

import pytest

from evenhand.connectors.pages import by_mail, by_push
from tests.support.ports import HOST
from tests.support.receiver import receiving_raw

PAGE = {
    "title": "Evenhand: case 7",
    "text": "Case 7, critical.\nPolicy: Threats.",
    "link": "https://desk.example/page/x/",
}
URGENT = {**PAGE, "urgent": True}


def push(url, payload=URGENT, kind="page"):
    return by_push(url, message_id="page_1", kind=kind, payload=payload, allow_private=[HOST])


def test_a_push_is_its_text_with_the_rest_as_headers():
    with receiving_raw() as topic:
        told = push(f"{topic.url}/my-topic")
        [got] = topic.got
    assert (told.status, told.error) == (200, "")
    assert got.path == "/my-topic"
    assert got.body.decode() == PAGE["text"]
    assert got.headers["x-title"] == "Evenhand: case 7"
    assert got.headers["x-priority"] == "5"
    assert got.headers["x-click"] == PAGE["link"]


def test_a_title_in_another_script_goes_as_mail_writes_it():
    with receiving_raw() as topic:
        push(topic.url, {**URGENT, "title": "Evenhand: Fall 7 – später"})
        [got] = topic.got
    assert got.headers["x-title"].isascii()
    [(raw, charset)] = decode_header(got.headers["x-title"])
    assert raw.decode(charset) == "Evenhand: Fall 7 – später"


def test_a_test_says_that_nothing_happened():
    with receiving_raw() as topic:
        push(topic.url, {}, kind="test")
        [got] = topic.got
    assert "Nothing happened" in got.body.decode()
    assert got.headers["x-priority"] == "3"
    assert "x-click" not in got.headers


def test_a_topic_that_refuses_is_told_with_its_words():
    with receiving_raw(status=403, answer=b"forbidden topic", headers={"retry-after": "7"}) as topic:
        told = push(topic.url)
    assert (told.status, told.error, told.retry_after) == (403, "Answered 403: forbidden topic", 7.0)


def test_a_topic_that_is_not_there_is_a_sentence_and_no_exception():
    told = push("http://127.0.0.1:9/x")
    assert told.status is None
    assert "127.0.0.1:9" in told.error


def test_a_private_address_is_not_called_unless_it_is_allowed():
    told = by_push("http://127.0.0.1:9/x", message_id="m", kind="page", payload=URGENT)
    assert told.status is None


def mail(problem=None, payload=URGENT):
    sent = []

    def send(*message):
        sent.append(message)
        if problem:
            raise problem

    return by_mail(send, "ana@example.com", message_id="page_1", kind="page", payload=payload), sent


def test_a_mail_has_the_text_the_link_and_the_same_id_in_every_attempt():
    told, [(address, subject, text, headers)] = mail()
    assert (told.status, told.error) == (200, "")
    assert (address, subject) == ("ana@example.com", "Evenhand: case 7")
    assert text == f"{PAGE['text']}\n\n{PAGE['link']}\n"
    assert headers["Message-ID"] == "<page_1@evenhand.invalid>"
    assert headers["Importance"] == "high"


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (smtplib.SMTPRecipientsRefused({"ana@example.com": (550, b"no such user")}), 400),
        (smtplib.SMTPDataError(554, b"no"), 400),
        (smtplib.SMTPSenderRefused(451, b"later", "x"), None),
        (smtplib.SMTPServerDisconnected("gone"), None),
        (ConnectionRefusedError("refused"), None),
        (TimeoutError("slow"), None),
    ],
)
def test_what_a_mail_server_says_is_for_good_or_for_now(problem, status):
    told, _ = mail(problem)
    assert told.status == status
    assert told.error


def test_a_message_without_words_is_not_sent():
    with pytest.raises(KeyError):
        mail(payload={"title": "x"})
