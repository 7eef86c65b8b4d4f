"""Which IP addresses the desk may call: those of the public internet, in their plain form, and no others."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")

_REFUSED_V4 = {
    IPv4Network(network): reason
    for network, reason in {
        "0.0.0.0/8": "an address of this machine",
        "10.0.0.0/8": "a private address",
        "100.64.0.0/10": "a carrier's private address",
        "127.0.0.0/8": "an address of this machine",
        "168.63.129.16/32": "a cloud's metadata address",
        "169.254.0.0/16": "a link-local address",
        "172.16.0.0/12": "a private address",
        "192.0.0.0/24": "a reserved address",
        "192.0.2.0/24": "a documentation address",
        "192.31.196.0/24": "a reserved address",
        "192.52.193.0/24": "a reserved address",
        "192.88.99.0/24": "a reserved address",
        "192.168.0.0/16": "a private address",
        "192.175.48.0/24": "a reserved address",
        "198.18.0.0/15": "a benchmarking address",
        "198.51.100.0/24": "a documentation address",
        "203.0.113.0/24": "a documentation address",
        "224.0.0.0/4": "a multicast address",
        "240.0.0.0/4": "a reserved address",
    }.items()
}
_REFUSED_V6 = {
    IPv6Network(network): reason
    for network, reason in {
        "2001::/23": "a reserved address",
        "2001:db8::/32": "a documentation address",
        "2002::/16": "a tunnel to another address",
        "2620:4f:8000::/48": "a reserved address",
        "3fff::/20": "a documentation address",
        "::ffff:0:0/96": "a disguised IPv4 address",
        "::/96": "an address of this machine",
        "fc00::/7": "a private address",
        "fe80::/10": "a link-local address",
        "ff00::/8": "a multicast address",
    }.items()
}


def refusal(address: str) -> str | None:
    """Why `address` (an IP literal) may not be called, as words that follow "is"; None when it may.

    Sources: IANA's special-purpose registries (RFC 6890 and its updates), and RFC 6052 for IPv4 addresses written as
    IPv6: `64:ff9b::/96` is judged by what it leads to, all other disguises are refused.
    Raises ValueError when it is no IP address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return _of_v4(ip)
    if ip in _NAT64:
        return _of_v4(IPv4Address(int(ip) & 0xFFFFFFFF))
    return _of_v6(ip)


def _of_v4(ip: IPv4Address) -> str | None:
    return next((reason for network, reason in _REFUSED_V4.items() if ip in network), None)


def _of_v6(ip: IPv6Address) -> str | None:
    for network, reason in _REFUSED_V6.items():
        if ip in network:
            return reason
    return None if ip in _GLOBAL_UNICAST else "a reserved address"
