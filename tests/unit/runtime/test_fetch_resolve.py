"""From a URL to the addresses that may be called."""

import time

import pytest

from evenhand.runtime.fetch import BadAddress, PrivateAddress, Request, TooSlow, Unreachable, fetch
from evenhand.runtime.fetch.resolve import parse
from tests.support.liars import answer, lying

BAD_URLS = [
    "ftp://example.org/",
    "file:///etc/passwd",
    "example.org/hook",
    "http://",
    "http:///path",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:x/",
    "http://[::1/",
    "http://user:secret@example.org/",
    "http://user@example.org/",
    "http://example.org/a b",
    "http://example.org/\r\nX: y",
    "http://exa\tmple.org/",
    f"http://{'a' * 64}.org/",
    f"http://example.org/{'a' * 9000}",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_that_cannot_be_used_is_refused_before_anything_is_resolved(url: str) -> None:
    def never(_host: str, _port: int) -> list[str]:
        raise AssertionError("resolved")

    with pytest.raises(BadAddress):
        fetch(Request(url=url), timeout=1, max_bytes=10, resolver=never)


def test_the_password_in_a_url_is_not_repeated_in_the_error() -> None:
    with pytest.raises(BadAddress) as refused:
        parse("http://user:secret@example.org/")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://Example.ORG", "example.org", "/"),
        ("https://example.org:443/a?b=c#d", "example.org", "/a?b=c"),
        ("http://example.org.:8080/ä", "example.org:8080", "/%C3%A4"),
        ("http://[2606:4700::1111]:81/x%20y", "[2606:4700::1111]:81", "/x%20y"),
        ("http://bücher.example/", "xn--bcher-kva.example", "/"),
    ],
)
def test_a_url_becomes_what_the_request_says(url: str, authority: str, target: str) -> None:
    place = parse(url)
    assert (place.authority, place.target) == (authority, target)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1"]
)
def test_no_spelling_of_this_machine_gets_through(host: str) -> None:
    with pytest.raises((PrivateAddress, Unreachable, BadAddress)):
        fetch(Request(url=f"http://{host}:1/"), timeout=2, max_bytes=10)


def test_a_name_that_leads_inside_is_refused_and_the_error_says_how_to_allow_it() -> None:
    with pytest.raises(PrivateAddress, match=r'"hooks\.example:8080" to allow_private'):
        fetch(Request(url="http://hooks.example:8080/"), timeout=1, max_bytes=10, resolver=lambda *_: ["10.0.0.5"])


def test_one_private_address_among_public_ones_refuses_all() -> None:
    with pytest.raises(PrivateAddress, match="leads to 192"):
        fetch(Request(url="http://x.example/"), timeout=1, max_bytes=9, resolver=lambda *_: ["1.1.1.1", "192.168.0.1"])


def test_a_name_is_resolved_once_so_rebinding_it_gains_nothing() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with lying(answer(200)) as server:
        request = Request(url=f"http://hooks.example:{server.port}/")
        response = fetch(request, timeout=5, max_bytes=10, allow_private=["hooks.example"], resolver=rebinding)
    assert asked == ["hooks.example"]
    assert response.address == "127.0.0.1"
    assert f"host: hooks.example:{server.port}".encode() in server.heard[0].lower()


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.1:{port}"])
def test_a_private_address_may_be_allowed_with_or_without_its_port(allowed: str) -> None:
    with lying(answer(204)) as server:
        allow = [allowed.format(port=server.port)]
        assert fetch(Request(url=server.url), timeout=5, max_bytes=10, allow_private=allow).status == 204


def test_allowing_one_port_does_not_open_another() -> None:
    with pytest.raises(PrivateAddress):
        fetch(Request(url="http://127.0.0.1:6379/"), timeout=1, max_bytes=10, allow_private=["127.0.0.1:8080"])


def test_an_unknown_host_is_named() -> None:
    def nobody(*_: object) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"nowhere\.example cannot be resolved"):
        fetch(Request(url="http://nowhere.example/"), timeout=1, max_bytes=10, resolver=nobody)


def test_a_host_without_an_address_is_named() -> None:
    with pytest.raises(Unreachable, match="has no address"):
        fetch(Request(url="http://nowhere.example/"), timeout=1, max_bytes=10, resolver=lambda *_: [])


def test_a_name_server_that_hangs_does_not_outlast_the_deadline() -> None:
    began = time.monotonic()
    with pytest.raises(TooSlow, match="name server"):
        fetch(Request(url="http://slow.example/"), timeout=0.2, max_bytes=9, resolver=lambda *_: time.sleep(3) or [])
    assert time.monotonic() - began < 1
