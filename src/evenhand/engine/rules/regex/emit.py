"""Writes a pattern out for an engine, over the characters that an alphabet gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from evenhand.engine.rules.regex.shape import Atomic, Back, Choice, Edge, Look, Node, One, Repeat, Sequential

_MOST_REPEATS = 1000
"""More RE2 does not take."""
Members = Callable[[str], Iterable[str]]


class Unfit(Exception):
    """The engine has no such thing."""


class Dialect(Struct, frozen=True):
    r"""How an engine writes what engines write differently. `end`: `\Z`, the very end."""

    head: str
    end: str
    never: str
    linear: bool


RE2 = Dialect(head="", end=r"\z", never=r"[^\x00-\x{10FFFF}]", linear=True)
BACKTRACKING = Dialect(head="", end=r"\Z", never="(?!)", linear=False)


def emit(node: Node, members: Members, dialect: Dialect) -> str:
    """The pattern for an engine. `members`: the characters that stand for what a `One` takes.

    Raises Unfit.
    """
    return dialect.head + _emit(node, members, dialect, last=True)


def _emit(node: Node, members: Members, dialect: Dialect, *, last: bool) -> str:
    """`last`: nothing comes after it."""
    match node:
        case One():
            return _class(members(node.source), dialect)
        case Sequential():
            final = len(node.items) - 1
            return "".join(_emit(one, members, dialect, last=last and at == final) for at, one in enumerate(node.items))
        case Choice():
            written = [_emit(one, members, dialect, last=last) for one in node.items]
            return f"(?:{'|'.join(written)})" if written else dialect.never
        case Repeat():
            return _repeat(node, members, dialect, last=last)
        case Edge():
            return _edge(node, members, dialect, last=last)
        case Look() | Atomic() if not dialect.linear:
            opening = node.opening if isinstance(node, Look) else "(?>"
            return f"{opening}{_emit(node.body, members, dialect, last=False)})"
        case Look() | Atomic() | Back():
            raise Unfit


def _repeat(node: Repeat, members: Members, dialect: Dialect, *, last: bool) -> str:
    if dialect.linear and (node.how == "+" or max(node.least, node.most or 0) > _MOST_REPEATS):
        raise Unfit
    body = _emit(node.body, members, dialect, last=last and node.most == 1)
    most = "" if node.most is None else str(node.most)
    return f"(?:{body}){{{node.least},{most}}}{node.how}"


def _edge(node: Edge, members: Members, dialect: Dialect, *, last: bool) -> str:
    if node.kind == r"\Z":
        return dialect.end
    if node.letters and not dialect.linear:
        return _boundary(_class(members(node.letters), dialect), inside=node.kind == r"\B")
    if node.kind != "$" or not dialect.linear:
        return node.kind
    if not last:
        raise Unfit
    return rf"(?:\n?{dialect.end})"


def _boundary(letter: str, *, inside: bool) -> str:
    """Where a word begins or ends, or where none does."""
    after, before = ("=", "!") if inside else ("!", "=")
    return f"(?:(?<={letter})(?{after}{letter})|(?<!{letter})(?{before}{letter}))"


def _class(members: Iterable[str], dialect: Dialect) -> str:
    codes = sorted(map(ord, members))
    if not codes:
        return dialect.never
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    written = [_char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in ranges]
    return f"[{''.join(written)}]"


def _char(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x80 else chr(code)  # noqa: PLR2004 - ASCII is escaped, the rest means itself
