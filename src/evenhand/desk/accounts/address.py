"""From which address a request came, when reverse proxies may stand in front of the desk."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The connecting address; behind `proxies` of our own, the one that the outermost of them saw.

    What stands further left in X-Forwarded-For was written by the client, and is not believed.
    """
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.CONFIG.proxies
    candidates = [seen[-proxies]] if 0 < proxies <= len(seen) else []
    return next(filter(None, map(_clean, [*candidates, request.META.get("REMOTE_ADDR", "")])), None)


def counted_ip(request: HttpRequest) -> str | None:
    """The address under which guesses are counted: of IPv6 the first 64 bits, since one household has all the rest."""
    address = client_ip(request)
    if address is None or not isinstance(ip_address(address), IPv6Address):
        return address
    return str(ip_network(f"{address}/64", strict=False).network_address)


def _clean(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None
