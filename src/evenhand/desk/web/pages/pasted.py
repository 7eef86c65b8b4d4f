"""What a pasted address may name: ids are looked for in it, the longest way first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

MOST = 12
LONGEST = 2_000
_DIGITS = 19
"""Of 64 bits."""
_CASE = re.compile(r"/cases/([0-9]{1,18})(?:/|$|\?)")


def ids(query: str) -> list[str]:
    """The text itself; and of an address its path, the parts of it from the end, and the values of its query.

    https://social.example/@ann/posts/17?lang=de → the address, "@ann/posts/17", "17", "posts", "@ann", "de".
    """
    return list(dict.fromkeys(found for found in _ids(query[:LONGEST].strip()) if found))[:MOST]


def case_number(query: str) -> int | None:
    """The case that is asked for by its number, or by the address of its page here."""
    query = query.strip()
    named = _CASE.search(query) if is_address(query) else None
    number = named.group(1) if named else query.removeprefix("#")
    return int(number) if number.isdecimal() and number.isascii() and len(number) < _DIGITS else None


def is_address(query: str) -> bool:
    return "://" in query and " " not in query.strip()


def _ids(query: str) -> Iterator[str]:
    yield query
    if not is_address(query):
        return
    try:
        parts = urlsplit(query)
    except ValueError:
        return
    path = unquote(parts.path).strip("/")
    yield path
    yield from reversed(path.split("/"))
    yield from (value for _name, value in parse_qsl(parts.query))
    yield unquote(parts.fragment)
