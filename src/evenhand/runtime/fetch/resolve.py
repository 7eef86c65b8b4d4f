"""From a URL to the addresses that may be called for it: parsed once, resolved once, each address checked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from urllib.parse import quote, urlsplit

from msgspec import Struct

from evenhand.runtime.fetch.addresses import refusal
from evenhand.runtime.fetch.deadline import Deadline
from evenhand.runtime.fetch.errors import BadAddress, PrivateAddress, TooSlow, Unreachable

Resolver = Callable[[str, int], list[str]]
"""From host and port to IP literals. Raises OSError when there is no such host."""

_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 8192
_AS_WRITTEN = "/%:@!$&'()*+,;=~-._?[]"


class Place(Struct, frozen=True):
    """A parsed URL: where to connect, and what to ask for."""

    secure: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """As the Host header writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def parse(url: str) -> Place:
    """Raises BadAddress: not http(s), a user name or password in it, no host, a bad port, control characters."""
    if len(url) > _LONGEST_URL or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):  # noqa: PLR2004 - ASCII
        raise BadAddress(f"{url[:100]!r} is not a URL: too long, or with blanks or control characters in it.")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise BadAddress(f"{url!r} is not a URL: {error}.") from None
    if parts.scheme not in _PORTS:
        raise BadAddress(f"{url!r} does not begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress(f"The URL for {host} has a user name or password in it; use a header instead.")
    if not host or port == 0:
        raise BadAddress(f"{url!r} names no host, or port 0.")
    query = f"?{parts.query}" if parts.query else ""
    target = quote((parts.path or "/") + query, safe=_AS_WRITTEN)
    return Place(parts.scheme == "https", _ascii(host), port or _PORTS[parts.scheme], target)


def _ascii(host: str) -> str:
    if ":" in host:
        return host
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress(f"{host!r} is not the name of a host.") from None


def system(host: str, port: int) -> list[str]:
    """The operating system's resolver."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def addresses(place: Place, *, allow_private: Collection[str], resolver: Resolver, deadline: Deadline) -> list[str]:
    """The addresses of `place`, in the resolver's order. One refused address among them refuses all: a name that leads
    both to the internet and into our network is not an accident.

    Raises PrivateAddress, Unreachable, TooSlow.
    """
    found = list(dict.fromkeys(_look_up(place, resolver, deadline)))
    if not found:
        raise Unreachable(f"{place.host} has no address.")
    if is_allowed(place, allow_private):
        return found
    for address in found:
        if why := refusal(address):
            raise PrivateAddress(
                f"{place.host} leads to {address}, {why}. If that is meant, "
                f'add "{place.host}:{place.port}" to allow_private in evenhand.toml, and restart the desk.'
            )
    return found


def is_allowed(place: Place, allow_private: Collection[str]) -> bool:
    names = {place.host, f"{place.host}:{place.port}", f"[{place.host}]:{place.port}"}
    return any(entry.lower() in names for entry in allow_private)


def _look_up(place: Place, resolver: Resolver, deadline: Deadline) -> list[str]:
    try:
        return [str(ip_address(place.host))]
    except ValueError:
        pass
    answer: SimpleQueue[list[str] | Exception] = SimpleQueue()
    threading.Thread(target=_ask, args=(place, resolver, answer), name="resolve", daemon=True).start()
    try:
        result = answer.get(timeout=deadline.left())
    except Empty:
        raise TooSlow(f"The name server did not answer for {place.host} in time.") from None
    if isinstance(result, Exception):
        raise Unreachable(f"{place.host} cannot be resolved: {result}.") from result
    return result


def _ask(place: Place, resolver: Resolver, answer: SimpleQueue[list[str] | Exception]) -> None:
    try:
        answer.put(resolver(place.host, place.port))
    except (OSError, UnicodeError) as error:
        answer.put(error)
