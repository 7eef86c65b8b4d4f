"""One request for items, to platforms of every sort."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from evenhand.connectors.webhooks import mint, partial_items, verify
from evenhand.connectors.webhooks.partial_items import Told
from evenhand.desk.intake.api.v1.structs import ItemsInV1
from evenhand.engine.model import Ref
from evenhand.engine.platform import Destination
from tests.support.liars import Behaviour, answer, drip, hang, lying, say
from tests.support.ports import HOST, free_port
from tests.unit.connectors.test_webhooks_sender import check_coop, heard

POST = Ref("post", "p1")
PEM, RSA = mint("coop")
PUBLIC, SEED = mint("v1a")
REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "partial-items.md").read_text("utf-8")


def ask(
    url: str,
    *,
    allow_private: tuple[str, ...] = (HOST,),
    timeout: float = 5,
    items: Sequence[Ref] = (POST,),
    **headers: str,
) -> Told:
    to = Destination(id="partial_items", url=url, signature="coop", headers=headers, timeout_seconds=timeout)
    secrets = [("coop", RSA), ("v1a", SEED)]
    return partial_items.ask(to, items, message_id="ask_1", secrets=secrets, allow_private=allow_private)


def of(behaviour: Behaviour, **options: float) -> Told:
    with lying(behaviour) as platform:
        return ask(platform.url, **options)


def test_the_request_holds_the_items_the_configured_headers_and_both_signatures() -> None:
    with lying(answer(200, b'{"items":[]}')) as platform:
        assert ask(platform.url, Authorization="Bearer x") == Told(b'{"items":[]}')
    headers, body = heard(platform)
    assert platform.heard[0].startswith(b"POST ")
    assert json.loads(body) == {"items": [{"id": "p1", "typeId": "post"}]}
    assert headers["authorization"] == "Bearer x"
    assert verify(body, headers, [PUBLIC]) == "ask_1"
    check_coop(PEM, headers["coop-signature"], body)


@pytest.mark.parametrize("status", [302, 400, 404, 410, 500])
def test_only_2xx_is_an_answer(status: int) -> None:
    told = of(answer(status, b'{"items":[]}', Location="http://127.0.0.1/"))
    assert told.body == b""
    assert f"answered {status}" in told.error


def test_an_answer_that_is_too_big_is_not_read() -> None:
    length = partial_items.MOST_BYTES + 1
    told = of(say(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode(), b" " * 1000))
    assert told == Told(b"", "The answer is larger than 10,000,000 bytes.")


@pytest.mark.parametrize("behaviour", [hang, drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b" ", every=0.05)])
def test_a_platform_that_hangs_is_left(behaviour: Behaviour) -> None:
    assert "0.3 s" in of(behaviour, timeout=0.3).error


def test_what_is_not_http_or_breaks_off_is_told() -> None:
    assert of(say(b"what?")).error
    assert "early" in of(say(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")).error
    assert "does not take connections" in ask(f"http://{HOST}:{free_port()}/").error


def test_private_addresses_are_refused_unless_allowed() -> None:
    with lying(answer(200, b"{}")) as platform:
        assert "allow_private" in ask(platform.url, allow_private=()).error
    assert not platform.heard


def test_the_reference_shows_the_request_as_it_is_and_an_answer_to_it() -> None:
    request, told = (
        json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", REFERENCE, re.MULTILINE | re.DOTALL)
    )
    refs = [Ref(item["typeId"], item["id"]) for item in request["items"]]
    with lying(answer(200)) as platform:
        ask(platform.url, items=refs)
    assert json.loads(heard(platform)[1]) == request
    answered = msgspec.convert(told, ItemsInV1).items
    assert [Ref(one.type_id or one.type.id, one.id) for one in answered] == refs
