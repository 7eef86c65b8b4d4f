"""The page of one message, and of one destination; and what is done there."""

import re

import pytest

from evenhand.desk.audit.queries import entries as ledger
from evenhand.desk.enforcement.models import Delivery, DestinationState, SigningSecret
from evenhand.desk.enforcement.services import disable

MENDING = [
    "/deliveries/msg_1/replay/",
    "/deliveries/msg_1/cancel/",
    "/deliveries/to/hooks/replay/",
    "/deliveries/to/hooks/disable/",
    "/deliveries/to/hooks/enable/",
    "/deliveries/to/hooks/test/",
]


def test_each_attempt_is_shown_with_the_body_and_the_secrets_that_signed(moderator, message) -> None:
    message()
    page = moderator.get("/deliveries/msg_1/").content.decode()
    assert "503" in page
    assert "12 ms" in page
    assert 'href="/deliveries/to/hooks/#secret-7"' in page
    assert "ähnliches" in page


def test_a_dead_message_is_replayed_with_one_key(moderator, message) -> None:
    message("dead")
    page = moderator.get("/deliveries/msg_1/").content.decode()
    form = page.partition('action="/deliveries/msg_1/replay/"')[2].partition("</form>")[0]
    assert re.search(r'<button[^>]* data-key="r"', form)
    answer = moderator.post("/deliveries/msg_1/replay/", follow=True)
    assert "It leaves again" in answer.content.decode()
    assert Delivery.objects.get().state == "pending"
    [entry] = [one for one in ledger.page().rows if one.act == "delivery_replayed"]
    assert entry.actor.startswith("user:")


def test_what_cannot_be_replayed_tells_why(moderator, message) -> None:
    message("delivered")
    assert (
        "data-key"
        not in moderator.get("/deliveries/msg_1/").content.decode().partition("<main")[2].partition("</main")[0]
    )
    assert "only dead letters" in moderator.post("/deliveries/msg_1/replay/", follow=True).content.decode()


def test_a_waiting_message_can_be_called_off(moderator, message) -> None:
    message("pending")
    assert "It will not leave" in moderator.post("/deliveries/msg_1/cancel/", follow=True).content.decode()
    assert Delivery.objects.get().state == "cancelled"


def test_all_dead_messages_of_a_destination_are_replayed_with_one_key(moderator, message) -> None:
    message("dead", "msg_1")
    message("dead", "msg_2")
    page = moderator.get("/deliveries/to/hooks/").content.decode()
    assert "Replay all 2 given up" in page
    answer = moderator.post("/deliveries/to/hooks/replay/", follow=True)
    assert "2 messages leave again" in answer.content.decode()


def test_a_destination_is_switched_off_with_a_reason_and_on_again(moderator) -> None:
    assert "Say why" in moderator.post("/deliveries/to/hooks/disable/", {"reason": " "}, follow=True).content.decode()
    assert not DestinationState.objects.filter(disabled_at__isnull=False).exists()
    page = moderator.post("/deliveries/to/hooks/disable/", {"reason": "moving house"}, follow=True).content.decode()
    assert "moving house" in page
    moderator.post("/deliveries/to/hooks/enable/")
    assert not DestinationState.objects.filter(disabled_at__isnull=False).exists()


def test_a_test_leads_to_its_own_page(moderator) -> None:
    answer = moderator.post("/deliveries/to/hooks/test/")
    assert answer.headers["location"] == f"/deliveries/{Delivery.objects.get(kind='test').message_id}/"


def test_public_keys_are_shown_and_secrets_are_not(moderator) -> None:
    SigningSecret.objects.create(destination="hooks", scheme="v1a", public="whpk_abc", sealed=b"sealed", created_at=1)
    page = moderator.get("/deliveries/to/hooks/").content.decode()
    assert "whpk_abc" in page
    assert "sealed" not in page


def test_who_may_only_look_gets_no_buttons_and_cannot_do_it_anyway(client_as, message) -> None:
    message("dead")
    disable("hooks", actor="system:test", reason="x")
    legal = client_as("legal")
    for path in ("/deliveries/msg_1/", "/deliveries/to/hooks/"):
        page = legal.get(path).content.decode()
        assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    for path in MENDING:
        assert legal.post(path).status_code == 403
    assert Delivery.objects.get().state == "dead"


@pytest.mark.parametrize("path", MENDING)
def test_nothing_is_changed_by_looking(moderator, message, path: str) -> None:
    message("dead")
    assert moderator.get(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/deliveries/msg_none/", "/deliveries/%00/", "/deliveries/to/nowhere/", "/deliveries/to/%00/"],
)
def test_what_is_not_there_is_not_found(moderator, path: str) -> None:
    assert moderator.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/deliveries/msg_none/replay/", "/deliveries/to/nowhere/disable/"])
def test_what_is_not_there_cannot_be_mended(moderator, path: str) -> None:
    assert moderator.post(path, {"reason": "x"}).status_code == 404
