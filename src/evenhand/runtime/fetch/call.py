"""The call itself: connect to a checked address, say what is asked, and read the answer within its limits."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import cast

from msgspec import Struct

from evenhand.runtime.fetch.deadline import Deadline, Line
from evenhand.runtime.fetch.errors import (
    BadAddress,
    FetchError,
    Garbled,
    TooBig,
    Unreachable,
)
from evenhand.runtime.fetch.resolve import Place, Resolver, addresses, parse, system

CONNECT_SECONDS = 10.0
_HEADER_BYTES = 65_536
_FRAMING = 8
"""How many bytes a chunked answer may spend for each byte of body, before it counts as an attack."""
_PIECE = 65_536
_MOST_ADDRESSES = 4
_OWN_HEADERS = {"host", "accept-encoding", "connection", "content-length", "transfer-encoding"}


class Request(Struct, frozen=True, kw_only=True):
    url: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None


class Response(Struct, frozen=True):
    """A whole answer. Header names are in lower case; `address` is the IP address that gave it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str


class Answer:
    """An answer whose body is still to be read: at most `max_bytes`, before the call's deadline."""

    def __init__(self, response: HTTPResponse, *, address: str, max_bytes: int, deadline: Deadline) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.address = address
        self.deadline = deadline
        self._response = response
        self._max_bytes = max_bytes

    def chunks(self) -> Iterator[bytes]:
        """Raises TooBig, TooSlow, Garbled (ended early)."""
        if (self._response.length or 0) > self._max_bytes:
            raise self._too_big()
        count = 0
        while piece := self._next():
            count += len(piece)
            if count > self._max_bytes:
                raise self._too_big()
            yield piece
        if self._response.length:
            raise Garbled(f"The answer ended {self._response.length} bytes early.")

    def _next(self) -> bytes:
        with _in_words(self.address, self.deadline):
            return self._response.read1(_PIECE)

    def _too_big(self) -> TooBig:
        return TooBig(f"The answer is larger than {self._max_bytes:,} bytes.")


def fetch(
    request: Request,
    *,
    timeout: float,
    max_bytes: int,
    allow_private: Collection[str] = (),
    connect_timeout: float = CONNECT_SECONDS,
    resolver: Resolver = system,
    trust: ssl.SSLContext | None = None,
) -> Response:
    """Send `request` and return the whole answer, whatever its status; redirects are answers like all others.

    `timeout` (seconds) covers everything from the name server to the last byte. `allow_private` holds "host" or
    "host:port" of addresses that may be private. Raises a FetchError.
    """
    with stream(
        request,
        timeout=timeout,
        max_bytes=max_bytes,
        allow_private=allow_private,
        connect_timeout=connect_timeout,
        resolver=resolver,
        trust=trust,
    ) as answer:
        body = b"".join(answer.chunks())
        return Response(answer.status, answer.headers, body, answer.address)


@contextmanager
def stream(
    request: Request,
    *,
    timeout: float,
    max_bytes: int,
    allow_private: Collection[str] = (),
    connect_timeout: float = CONNECT_SECONDS,
    resolver: Resolver = system,
    trust: ssl.SSLContext | None = None,
) -> Iterator[Answer]:
    """Like `fetch`, but hands out the answer as soon as its headers are there; the body comes in `chunks()`."""
    place, deadline = parse(request.url), Deadline(timeout)
    found = addresses(place, allow_private=allow_private, resolver=resolver, deadline=deadline)
    with _in_words(place.authority, deadline):
        sock, address = _connect(place, found, connect_timeout, deadline)
        line = Line(_secured(sock, place, deadline, trust), deadline, _HEADER_BYTES)
    try:
        with _in_words(place.authority, deadline):
            response = _ask(request, place, line)
        line.budget = _HEADER_BYTES + _FRAMING * max_bytes
        yield Answer(response, address=address, max_bytes=max_bytes, deadline=deadline)
    finally:
        line.close()


def _connect(place: Place, found: list[str], connect_timeout: float, deadline: Deadline) -> tuple[socket.socket, str]:
    """The first of the addresses that takes the connection."""
    problem: OSError = OSError("no address")
    for address in found[:_MOST_ADDRESSES]:
        try:
            sock = socket.create_connection((address, place.port), timeout=min(connect_timeout, deadline.left()))
        except OSError as error:
            problem = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock, address
    raise Unreachable(f"{place.authority} does not take connections: {_reason(problem)}.") from problem


def _secured(sock: socket.socket, place: Place, deadline: Deadline, trust: ssl.SSLContext | None) -> socket.socket:
    if not place.secure:
        return sock
    try:
        sock.settimeout(deadline.left())
        return (trust or _public_trust()).wrap_socket(sock, server_hostname=place.host)
    except BaseException:
        sock.close()
        raise


@cache
def _public_trust() -> ssl.SSLContext:
    """The system's certificate authorities; OpenSSL's SSL_CERT_FILE and SSL_CERT_DIR change them."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _ask(request: Request, place: Place, line: Line) -> HTTPResponse:
    wire = cast("socket.socket", line)
    connection = HTTPConnection(place.host, place.port)
    connection.sock = wire
    try:
        connection.request(request.method, place.target, request.body, _headers(request, place))
    except ValueError as error:
        raise BadAddress(f"The request to {place.authority} cannot be written: {error}.") from None
    response = HTTPResponse(wire, method=request.method)
    response.begin()
    return response


def _headers(request: Request, place: Place) -> dict[str, str]:
    given = {name.lower(): value for name, value in request.headers.items()}
    if own := given.keys() & _OWN_HEADERS:
        raise BadAddress(f"The request to {place.authority} sets {', '.join(sorted(own))}; the desk sets these.")
    return given | {"host": place.authority, "accept-encoding": "identity", "connection": "close"}


@contextmanager
def _in_words(who: str, deadline: Deadline) -> Iterator[None]:
    """Whatever the standard library raises, as one of our errors."""
    try:
        yield
    except FetchError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"The certificate of {who} does not hold: {error.verify_message}.") from error
    except TimeoutError as error:
        raise deadline.passed() from error
    except (HTTPException, ValueError) as error:
        raise Garbled(f"{who} did not answer in HTTP, or broke off: {_reason(error)}.") from error
    except OSError as error:
        raise Unreachable(f"The connection to {who} broke: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (words or type(error).__name__)[:200].rstrip(".")
