"""Destinations: addresses and headers that a webhook can be sent with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from evenhand.engine.platform.document import PARTIAL_ITEMS, Platform
from evenhand.engine.platform.problems import Problem, key_path, quoted

MAX_TIMEOUT = 60
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
"""A header's name: `token` of RFC 9110."""
_VALUE = re.compile(r"[\x20-\x7e]*\Z")
_OURS = frozenset(
    {"host", "content-type", "content-length", "transfer-encoding", "connection", "coop-signature", "user-agent"}
)


def check(platform: Platform) -> Iterator[Problem]:
    if platform.partial_items_url is not None:
        yield from address(platform.partial_items_url, "partial_items_url")
    yield from _headers(platform.partial_items_headers, "partial_items_headers")
    for at, destination in enumerate(platform.destinations):
        path = f"destinations[{at}]"
        if destination.id == PARTIAL_ITEMS:
            expected = "another id: this one stands for partial_items_url"
            yield Problem(path=f"{path}.id", expected=expected, found=quoted(destination.id))
        yield from address(destination.url, f"{path}.url")
        yield from _headers(destination.headers, f"{path}.headers")
        if not 0 < destination.timeout_seconds <= MAX_TIMEOUT:
            expected = f"more than 0 and at most {MAX_TIMEOUT} seconds"
            found = str(destination.timeout_seconds)
            yield Problem(
                path=f"{path}.timeout_seconds", expected=expected, found=found, example="timeout_seconds = 20"
            )


def address(url: str, path: str) -> Iterator[Problem]:
    if fault := _fault(url):
        yield Problem(
            path=path,
            expected="an absolute http or https address without user name, password or #fragment",
            found=f"{quoted(url)} ({fault})",
            example=f'{path.rpartition(".")[2]} = "https://platform.example/moderation"',
        )


def _fault(url: str) -> str:
    """What is wrong with the address; "" when nothing is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return str(error)
    faults = {
        "it has blanks or characters that must be encoded": any(not "\x21" <= one <= "\x7e" for one in url),
        "it does not begin with http:// or https://": parts.scheme not in {"http", "https"},
        "it names no host": not parts.hostname,
        "port 0": port == 0,
        "it has a user name or password": "@" in parts.netloc,
        "it has a #fragment": "#" in url,
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


def _headers(headers: Mapping[str, str], path: str) -> Iterator[Problem]:
    for name, value in headers.items():
        place = key_path(path, name)
        if not _TOKEN.match(name):
            yield Problem(
                path=place, expected="a header's name", found=quoted(name), example='headers = { X-Desk = "1" }'
            )
        elif name.lower() in _OURS or name.lower().startswith("webhook-"):
            yield Problem(path=place, expected="a header that the desk does not set itself", found=quoted(name))
        if not _VALUE.match(value):
            yield Problem(path=place, expected="printable ASCII on one line", found=quoted(value))
