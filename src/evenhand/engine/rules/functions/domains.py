"""Functions on hosts, links, addresses and cookies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address, ip_network

from publicsuffixlist import PublicSuffixList

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.values import Expected
from evenhand.engine.text import hosts

FAMILY = Family()
_URL = re.compile(r"\b(?:(?:https?|ftp)://|www\.)[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_AFTER_URL = ".,;:!?…*_~"
_BRACKETS = {")": "(", "]": "["}
_LONGEST_WRITTEN = 1_000
_NETWORKS = {4: 24, 6: 64}
"""How many bits of an address name what one customer is usually given."""


@FAMILY.add("StringExtractDomains", cost=30, total=True)
@FAMILY.add("ExtractDomains", cost=30, total=True)
def extract_domains(s: str) -> list[str]:
    """The hosts that a string points at, in links and in words with a dot (example.com), also where the dot is written
    "[.]" or "(dot)"; in lower case, those outside ASCII as xn--, in the order of the string, each once."""
    return _domains([s])


@FAMILY.add("ExtractListDomains", cost=60, total=True)
def extract_list_domains(list: list[str]) -> list[str]:
    """The hosts that the strings of a list point at, as in ExtractDomains, each once."""
    return _domains(list)


@FAMILY.add("StringExtractURLs", cost=20, total=True)
def string_extract_urls(s: str) -> list[str]:
    """The links of a string (http, https, ftp, and what begins with "www."), as they are written, in their order,
    without the punctuation of the sentence after them."""
    return [_without_punctuation(match.group()) for match in _URL.finditer(s)]


@FAMILY.add("DomainTld", cost=10)
def domain_tld(domain: str) -> str:
    """The public suffix of a domain: "co.uk" of "shop.example.co.uk" (Public Suffix List, the registries' part).

    No value: an address, or no domain.
    """
    host = _host(domain)
    suffix = None if _is_address(host) else _suffixes().publicsuffix(host)
    if not suffix:
        raise Expected
    return str(suffix)


@FAMILY.add("DomainChopper", cost=30, total=True)
def domain_chopper(urls: list[str], fld: bool = False) -> list[str]:
    """The hosts of URLs; with `fld` what of them somebody has registered: "example.co.uk" of "shop.example.co.uk". One
    that names no host is left out. Addresses stay as they are."""
    found = [name for url in urls if (name := _named(url))]
    return [_registered(host) or host for host in found] if fld else found


@FAMILY.add("IpNetwork", cost=5)
def ip_network_of(ip: str) -> str:
    """The network that an address is likely to share with one customer: its first 24 bits for IPv4 ("192.0.2.0/24"),
    its first 64 for IPv6.

    No value: it is no address.
    """
    try:
        address = ip_address(ip.strip())
        return str(ip_network((address, _NETWORKS[address.version]), strict=False))
    except ValueError as error:
        raise Expected from error


@FAMILY.add("MXLookup", pure=False, cost=1000)
def mx_lookup(context: Context, domain: str) -> list[str]:
    """The mail exchangers of a domain, as the host of this engine knows them; empty when it has none.

    No value: they are not known (yet). Error: the run was given no services.
    """
    if context.services is None:
        raise ValueError("mail exchangers are not to be had in this run: it was given no services.")
    found = context.services.mx_hosts(domain)
    if found is None:
        raise Expected
    return list(found)


@FAMILY.add("ExtractCookie", cost=5)
def extract_cookie(header: str, key: str) -> str:
    """The value of a cookie in the text of a Cookie header, without quotes round it; the first, if there are more.

    No value: the header has no such cookie.
    """
    for pair in header.split(";"):
        name, equals, value = pair.partition("=")
        if equals and name.strip() == key:
            return value.strip().removeprefix('"').removesuffix('"')
    raise Expected


def registered_part(domain: str) -> str:
    """What of a domain somebody has registered.

    Raises Expected: an address, or a public suffix.
    """
    registered = _registered(_host(domain))
    if registered is None:
        raise Expected
    return registered


def _domains(strings: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(link.host for one in strings for link in hosts.find(one)))


def _named(url: str) -> str | None:
    found = hosts.find(url)
    return found[0].host if found else None


def _host(domain: str) -> str:
    if len(domain) > _LONGEST_WRITTEN:
        raise Expected  # to bring it into ASCII takes time that grows with the square of its length
    try:
        return hosts.normal(domain)
    except ValueError as error:
        raise Expected from error


def _registered(host: str) -> str | None:
    found = None if _is_address(host) else _suffixes().privatesuffix(host)
    return None if found is None else str(found)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _without_punctuation(url: str) -> str:
    """A bracket that closes nothing inside the link belongs to the sentence."""
    unopened = {closing: url.count(closing) - url.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(url)
    while end and (url[end - 1] in _AFTER_URL or unopened.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in unopened:
            unopened[url[end]] -= 1
    return url[:end]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
