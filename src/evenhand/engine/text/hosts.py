"""Finds the hosts that a text points at: as a browser would read them, and as people write them to get past filters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

LONGEST = 253
"""Longest host name, in characters (RFC 1035)."""
_LONGEST_WRITTEN = 4 * LONGEST
_DOT = ".。．｡"
_WORTH = re.compile(
    rf"[{_DOT}\[({{%](?:(?<=\w[{_DOT}])(?=\w)|(?<=[\[({{])\s?(?:\.|dot)\s?[\])}}]|(?<=%)2e)", re.IGNORECASE
)
_DEFANGED_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)
_CHUNK = re.compile(r"""[^\s/\\?#<>"'()\[\]{},;|`]+""")
_SPLIT = re.compile(r"[:=&*!$+~^]")
_SCHEME = re.compile(r"(?:h..ps?|ftp|fxp):", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_TOP = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_DOTLIKE = frozenset(_DOT + "%")
_DOTS = str.maketrans(dict.fromkeys(_DOT, "."))


class Link(Struct, frozen=True, order=True):
    """A host in lower-case ASCII (punycode where it is not), and the characters of the text that name it."""

    start: int
    end: int
    host: str
    explicit: bool
    """Written as a link, not only as a word with a dot in it."""


def find(text: str) -> list[Link]:
    """Every host in `text`, in order."""
    if not _WORTH.search(text):
        return []
    clear, starts = _refang(text)
    links = _links(clear)
    if starts is None:
        return list(links)
    return [Link(starts[link.start], starts[link.end - 1] + 1, link.host, link.explicit) for link in links]


def normal(domain: str) -> str:
    """A term of a domain list as hosts are compared with it.

    Raises ValueError: not a host name (a whole URL, say).
    """
    host = _ascii(domain.strip().removeprefix("*.").strip("."))
    if host is None or not all(map(_LABEL.match, host.split("."))):
        raise ValueError(f"{domain!r} is no host name. Write it without scheme, port and path: example.com.")
    return host


def is_name(domain: str) -> bool:
    """Whether `normal` takes it."""
    try:
        normal(domain)
    except ValueError:
        return False
    return True


def above(host: str) -> Iterator[str]:
    """The host and every domain above it: a.b.c, b.c, c."""
    while host:
        yield host
        host = host.partition(".")[2]


def _refang(text: str) -> tuple[str, Sequence[int] | None]:
    """The text with dots that were made harmless ("[.]", "(dot)") as dots, and where each character comes from."""
    if not _DEFANGED_DOT.search(text):
        return text, None
    pieces: list[str] = []
    starts: list[int] = []
    done = 0
    for dot in _DEFANGED_DOT.finditer(text):
        pieces += text[done : dot.start()], "."
        starts += [*range(done, dot.start()), dot.start()]
        done = dot.end()
    return "".join(pieces) + text[done:], [*starts, *range(done, len(text))]


def _links(text: str) -> Iterator[Link]:
    for chunk in _CHUNK.finditer(text):
        raw, start = chunk.group(), chunk.start()
        if _DOTLIKE.isdisjoint(raw):
            continue
        slashes = text[max(0, start - 2) : start].replace("\\", "/")
        explicit = slashes in ("//", ":/") or _SCHEME.match(raw) is not None
        if not explicit and slashes[-1:] in ("/", "?", "#"):
            continue
        if host := _host(raw):
            yield Link(start, chunk.end(), host, explicit or host.startswith("www."))


def _host(authority: str) -> str | None:
    """The host in `[user[:password]@]host[:port]`; None when there is none."""
    if "%" in authority:
        authority = _PERCENT.sub(lambda byte: chr(int(byte.group(1), 16)), authority)
    dotted = authority.rpartition("@")[2].translate(_DOTS)
    named = next((part for part in _SPLIT.split(dotted) if "." in part.strip(".")), None)
    if named is None or len(named) > _LONGEST_WRITTEN:
        return None
    host = _ascii(named.strip("._-…“”‘’«»"))
    return host if host and _is_host(host) else None


def _ascii(host: str) -> str | None:
    plain = unicodedata.normalize("NFKC", host).lower()
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode()
    except UnicodeError:
        return None


def _is_host(host: str) -> bool:
    if len(host) > LONGEST:
        return False
    *labels, top = host.split(".")
    named = bool(labels) and _TOP.match(top) is not None and all(map(_LABEL.match, labels))
    return named or _ADDRESS.match(host) is not None
