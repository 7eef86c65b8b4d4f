"""Fetching what a user's item points to, against addresses and servers that want us elsewhere."""

import socket
import time

import pytest

from evenhand.runtime.fetch import (
    BadAddress,
    BadStatus,
    FetchError,
    NotMedia,
    PrivateAddress,
    TooBig,
    TooSlow,
    Unreachable,
    fetch_media,
)
from tests.support.liars import answer, drip, lying
from tests.support.ports import HOST

LOCAL = [HOST]
INSIDE = [
    "http://127.0.0.1/a.jpg",
    "http://10.0.0.1/a.jpg",
    "http://172.16.3.4/a.jpg",
    "http://192.168.1.1/a.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0x7f.0.0.1/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://①②⑦.⓪.⓪.①/",
]
NOT_HTTP = [
    "file:///etc/passwd",
    "ftp://example.org/a.jpg",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "//example.org/a.jpg",
    "http://user@example.org/a.jpg",
    "http://user:word@example.org/a.jpg",
    "http://example.org@127.0.0.1/a.jpg",
]


@pytest.mark.parametrize("url", INSIDE)
def test_no_way_to_write_an_address_inside_gets_through(url: str) -> None:
    with pytest.raises((PrivateAddress, Unreachable, BadAddress)) as refused:
        fetch_media(url, timeout=2)
    assert "does not take connections" not in str(refused.value)


@pytest.mark.parametrize("url", NOT_HTTP)
def test_only_http_without_a_user_is_asked(url: str) -> None:
    with pytest.raises((BadAddress, PrivateAddress)):
        fetch_media(url, timeout=1)


@pytest.mark.parametrize("place", [*INSIDE[:-1], *(url for url in NOT_HTTP if not url.startswith("//"))])
def test_a_redirect_is_checked_as_the_first_address_is(place: str) -> None:
    with lying(answer(302, Location=place)) as server, pytest.raises((PrivateAddress, BadAddress, Unreachable)):
        fetch_media(server.url, timeout=2, allow_private=[f"{HOST}:{server.port}"])


def test_a_name_is_resolved_once_for_each_hop_so_that_what_was_checked_is_what_is_called() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [HOST] if len(asked) == 1 else ["10.0.0.7"]

    with lying(answer(200, b"picture", Content_Type="image/png")) as server:
        url = f"http://rebinding.example:{server.port}/a.png"
        found = fetch_media(url, timeout=2, allow_private=[f"rebinding.example:{server.port}"], resolver=rebinding)
    assert (found.data, asked) == (b"picture", ["rebinding.example"])


def test_a_redirect_to_a_name_that_now_leads_inside_is_refused() -> None:
    with (
        lying(answer(302, Location="http://rebinding.example/b.jpg")) as server,
        pytest.raises(PrivateAddress, match=r"rebinding\.example leads to 10\.0\.0\.7"),
    ):
        fetch_media(server.url, timeout=2, allow_private=LOCAL, resolver=lambda *_: ["10.0.0.7"])


def test_a_picture_behind_three_redirects_comes_and_says_where_it_was() -> None:
    with (
        lying(answer(200, b"picture", Content_Type="image/png; x=y")) as last,
        lying(answer(301, Location=last.url)) as third,
        lying(answer(307, Location=third.url)) as second,
        lying(answer(302, Location=second.url)) as first,
    ):
        found = fetch_media(first.url, timeout=5, allow_private=LOCAL)
    assert (found.data, found.type, found.url) == (b"picture", "image/png", last.url)


def test_a_server_that_redirects_forever_is_left() -> None:
    with lying(answer(302, Location="/again")) as server:
        with pytest.raises(BadAddress, match="more than 3 redirects"):
            fetch_media(server.url, timeout=5, allow_private=LOCAL)
        assert server.connections == 4


def test_all_hops_share_one_deadline() -> None:
    def slow(connection: socket.socket) -> None:
        time.sleep(0.4)
        answer(302, Location="/again")(connection)

    with lying(slow) as server, pytest.raises(TooSlow):
        fetch_media(server.url, timeout=0.6, allow_private=LOCAL)


def test_a_body_that_never_ends_ends_at_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"
    with lying(drip(head, b"x", every=0.02, last=5)) as server, pytest.raises(TooSlow):
        fetch_media(server.url, timeout=0.5, allow_private=LOCAL)


def test_a_file_that_is_too_big_is_not_read_to_its_end() -> None:
    with lying(answer(200, b"x" * 2000, Content_Type="image/png")) as server, pytest.raises(TooBig):
        fetch_media(server.url, timeout=5, max_bytes=1000, allow_private=LOCAL)


def test_a_page_is_no_picture() -> None:
    with lying(answer(200, b"<html>", Content_Type="text/html")) as server, pytest.raises(NotMedia, match="text/html"):
        fetch_media(server.url, timeout=5, allow_private=LOCAL)


@pytest.mark.parametrize(("status", "gone"), [(404, True), (410, True), (451, True), (500, False), (429, False)])
def test_an_error_says_whether_to_ask_again(status: int, gone: bool) -> None:
    with lying(answer(status)) as server, pytest.raises(BadStatus) as refused:
        fetch_media(server.url, timeout=5, allow_private=LOCAL)
    assert refused.value.gone is gone


def test_a_redirect_to_nowhere_is_an_error_of_the_fetch() -> None:
    with lying(answer(302)) as server, pytest.raises(FetchError, match="redirects to no address"):
        fetch_media(server.url, timeout=5, allow_private=LOCAL)
