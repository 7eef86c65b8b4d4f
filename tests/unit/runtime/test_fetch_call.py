"""The call, against servers that lie."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager

import pytest

from evenhand.runtime.fetch import (
    Answer,
    BadAddress,
    FetchError,
    Garbled,
    Request,
    Response,
    TooBig,
    TooSlow,
    Unreachable,
    fetch,
    stream,
)
from tests.support.liars import Behaviour, Liar, answer, drip, hang, lying, say
from tests.support.ports import HOST, free_port

HEAD = b"HTTP/1.1 200 OK\r\n"
LOCAL = [HOST]


def ask(behaviour: Behaviour, *, timeout: float = 5, max_bytes: int = 1000, **options: str) -> Response:
    with lying(behaviour) as server:
        return fetch(Request(url=server.url, **options), timeout=timeout, max_bytes=max_bytes, allow_private=LOCAL)


def open_stream(server: Liar, *, max_bytes: int) -> AbstractContextManager[Answer]:
    return stream(Request(url=server.url), timeout=5, max_bytes=max_bytes, allow_private=LOCAL)


def test_the_answer_comes_whole() -> None:
    response = ask(answer(201, b"created", X_Note="yes"))
    assert (response.status, response.body, response.headers["x-note"]) == (201, b"created", "yes")


def test_the_request_arrives_as_it_was_written() -> None:
    with lying(answer(200)) as server:
        request = Request(url=f"{server.url}?a=1", method="POST", headers={"X-One": "1"}, body=b'{"a":1}')
        fetch(request, timeout=5, max_bytes=10, allow_private=LOCAL)
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /hook?a=1 http/1.1"
    assert {b"x-one: 1", b"content-length: 7", b"accept-encoding: identity", b"connection: close"} <= set(lines)
    assert body == b'{"a":1}'


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with lying(answer(200)) as inside:
        response = ask(answer(302, Location=inside.url))
        assert response.headers["location"] == inside.url
        assert inside.connections == 0


def test_a_chunked_answer_is_put_together() -> None:
    chunked = say(HEAD, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
    assert ask(chunked).body == b"hello world"


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    assert ask(say(HEAD, b"\r\nuntil the end")).body == b"until the end"


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hang, id="says nothing"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", every=0.05), id="drips its headers"),
        pytest.param(drip(HEAD, b"X-A: b\r\n", every=0.02), id="drips header after header"),
        pytest.param(drip(HEAD, b"Content-Length: 900\r\n\r\n", b"a", every=0.05), id="drips its body"),
        pytest.param(drip(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", every=0.02), id="drips chunks"),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.001), id="says 100 Continue for ever"),
    ],
)
def test_no_slow_server_outlasts_the_deadline(behaviour: Behaviour) -> None:
    began = time.monotonic()
    with pytest.raises(TooSlow, match=r"0\.4 seconds"):
        ask(behaviour, timeout=0.4)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([HEAD, b"Content-Length: 1001\r\n\r\n"], id="announced"),
        pytest.param([HEAD, b"\r\n", b"a" * 1001], id="not announced"),
        pytest.param([HEAD, b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n", b"a" * 1001, b"\r\n0\r\n\r\n"], id="chunked"),
        pytest.param([HEAD, b"X-A: b\r\n" * 20_000], id="headers without end"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000], id="100 Continue without end"),
        pytest.param(
            [HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: a\r\n" * 20_000], id="trailers without end"
        ),
    ],
)
def test_no_answer_is_larger_than_the_limit(pieces: Sequence[bytes]) -> None:
    with pytest.raises((TooBig, Garbled)):
        ask(say(*pieces))


def test_an_answer_of_just_the_limit_is_taken() -> None:
    assert len(ask(answer(200, b"a" * 1000)).body) == 1000


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"\x00\xff\x00\xff" * 10], id="noise"),
        pytest.param([b"SSH-2.0-OpenSSH_9.2\r\n"], id="another protocol"),
        pytest.param([b"HTTP/1.1 9999 Odd\r\n\r\n"], id="a status beyond all"),
        pytest.param([b"HTTP/1.1 abc OK\r\n\r\n"], id="a status of letters"),
        pytest.param([b"HTTP/1.1 200 ", b"a" * 70_000], id="a line without end"),
        pytest.param([HEAD, b"Content-Length: 10\r\n\r\nshort"], id="ended early"),
        pytest.param([HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"], id="a chunk of no size"),
        pytest.param([HEAD, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"], id="a chunk cut off"),
    ],
)
def test_what_is_not_http_is_told_as_such(pieces: Sequence[bytes]) -> None:
    with pytest.raises((Garbled, TooBig)):
        ask(say(*pieces))


def test_a_refused_connection_is_told_with_its_address() -> None:
    port = free_port()
    with pytest.raises(Unreachable, match=f"{HOST}:{port} does not take connections: Connection refused"):
        fetch(Request(url=f"http://{HOST}:{port}/"), timeout=2, max_bytes=10, allow_private=LOCAL)


def test_the_next_address_is_tried_when_the_first_does_not_take_connections() -> None:
    with lying(answer(200)) as server:
        response = fetch(
            Request(url=f"http://two.example:{server.port}/"),
            timeout=5,
            max_bytes=10,
            allow_private=["two.example"],
            resolver=lambda *_: ["::1", HOST],
        )
    assert response.address == HOST


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "connection"])
def test_a_header_that_steers_the_connection_cannot_be_set(name: str) -> None:
    with lying(answer(200)) as server, pytest.raises(BadAddress, match=name.lower()):
        fetch(Request(url=server.url, headers={name: "x"}), timeout=2, max_bytes=10, allow_private=LOCAL)
    assert not any(server.heard)


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nX-C: d"}, {"X-A\r\nX-B": "c"}, {"X-A": "☃"}])
def test_a_header_cannot_smuggle_another(headers: dict[str, str]) -> None:
    with lying(answer(200)) as server, pytest.raises(BadAddress):
        fetch(Request(url=server.url, headers=headers), timeout=2, max_bytes=10, allow_private=LOCAL)


def test_a_stream_hands_out_the_head_before_the_body_is_there() -> None:
    body = drip(HEAD, b"Content-Length: 900\r\n\r\n", b"a", every=0.2)
    with lying(body) as server, open_stream(server, max_bytes=900) as live:
        assert live.status == 200
        assert next(live.chunks()) == b"a"


def test_a_stream_stops_at_its_limit() -> None:
    taken: list[bytes] = []
    endless = say(HEAD, b"\r\n", b"a" * 500_000)
    with lying(endless) as server, open_stream(server, max_bytes=100_000) as live, pytest.raises(TooBig):
        taken.extend(live.chunks())
    assert sum(map(len, taken)) <= 100_000


def test_every_error_is_one_family() -> None:
    errors = (BadAddress, Garbled, TooBig, TooSlow, Unreachable)
    assert all(issubclass(error, FetchError) for error in errors)
