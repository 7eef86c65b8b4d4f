"""Who may ask: HMA's clients send no credentials, so it is known addresses, or one key."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request
from evenhand.runtime.config import Config

Network = IPv4Network | IPv6Network
NOBODY_NAMED = "hma"


def problem(configured: Config) -> str:
    """Why this listener must not begin, in a sentence; empty when it may."""
    try:
        networks(configured.hma_allow)
    except ValueError as error:
        return f"Whom to allow is an address or a network (10.0.0.5, 10.0.0.0/8): {error}."
    if configured.hma_allow or configured.hma_key or _is_loopback(configured.hma_host):
        return ""
    return (
        f"HMA's clients send no credentials: listening on {configured.hma_host} would open banks and lists to whoever"
        " reaches it. Name who may (--allow 10.0.0.5, hma_allow), or a key that they send (--key NAME, hma_key)."
    )


def networks(written: Sequence[str]) -> tuple[Network, ...]:
    """Raises ValueError."""
    return tuple(ip_network(one.strip(), strict=False) for one in written)


class Gate:
    """`key`: the name of the one API key that opens it; empty: none is asked for."""

    def __init__(self, allow: Sequence[Network], key: str = "") -> None:
        self._key = key
        self.actor = f"key:{key or NOBODY_NAMED}"
        self._may = lru_cache(maxsize=1024)(lambda address: _within(address, tuple(allow)))

    def check(self, request: Request, scope: str) -> None:
        """Raises Refusal."""
        environ = request.environ
        if not self._may(environ.get("REMOTE_ADDR", "")):
            raise Refusal(403, "This address is not among those that may ask here.")
        if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "none") not in {"none", "same-origin"}:
            raise Refusal(403, "Pages in a browser may not ask here: another site could make them.")
        if self._key:
            self._check_key(request, scope)

    def _check_key(self, request: Request, scope: str) -> None:
        given = request.environ.get("HTTP_X_API_KEY") or request.environ.get("HTTP_AUTHORIZATION", "")
        try:
            info = accounts.key(given.removeprefix("Bearer ").strip(), scope)
        except accounts.WrongScope as wrong:
            raise Refusal(403, str(wrong)) from None
        except accounts.NoSuchKey:
            info = None
        if info is None or not hmac.compare_digest(info.name.encode(), self._key.encode()):
            raise Refusal(401, "The key of this listener is needed, in the header X-API-KEY.")


def _within(address: str, allow: tuple[Network, ...]) -> bool:
    """A socket of both families shows IPv4 addresses as ::ffff:1.2.3.4."""
    if not allow:
        return True
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in allow if network.version == found.version)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
