"""Certificates: checked against the name in the URL, although the connection goes to a pinned address."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from evenhand.runtime.fetch import Request, Response, TooSlow, Unreachable, fetch
from tests.support.certificates import authority, server_context
from tests.support.liars import answer, hang, lying
from tests.support.ports import HOST

Ask = Callable[..., Response]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Call a server whose certificate is for hooks.example, under any name."""
    issuer = authority()
    trust = ssl.create_default_context(cadata=issuer.pem)

    def call(host: str, *, trusting: bool = True) -> Response:
        with lying(answer(200, b"ok"), server_context(issuer, "hooks.example", tmp_path)) as server:
            return fetch(
                Request(url=f"https://{host}:{server.port}/"),
                timeout=5,
                max_bytes=100,
                allow_private=[host],
                resolver=lambda *_: [HOST],
                trust=trust if trusting else None,
            )

    return call


def test_a_certificate_for_the_name_holds(ask: Ask) -> None:
    assert ask("hooks.example").body == b"ok"


def test_a_certificate_for_another_name_does_not_hold(ask: Ask) -> None:
    with pytest.raises(Unreachable, match=r"certificate of other\.example:\d+ does not hold"):
        ask("other.example")


def test_an_unknown_authority_does_not_hold(ask: Ask) -> None:
    with pytest.raises(Unreachable, match="does not hold"):
        ask("hooks.example", trusting=False)


def test_a_server_that_does_not_speak_tls_is_told() -> None:
    with lying(answer(200)) as server, pytest.raises(Unreachable, match="broke"):
        fetch(Request(url=f"https://{HOST}:{server.port}/"), timeout=2, max_bytes=10, allow_private=[HOST])


def test_a_server_that_hangs_in_the_handshake_does_not_outlast_the_deadline() -> None:
    with lying(hang) as server, pytest.raises(TooSlow):
        fetch(Request(url=f"https://{HOST}:{server.port}/"), timeout=0.3, max_bytes=10, allow_private=[HOST])
