"""The shape of a pattern: its tree as Python's own parser reads it, flags resolved, and what that tells about it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as ops  # type: ignore[attr-defined] # the parser of `re` is the only one that reads as `re` does
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from msgspec import Struct

_CATEGORIES = {
    ops.CATEGORY_DIGIT: r"\d", ops.CATEGORY_NOT_DIGIT: r"\D", ops.CATEGORY_SPACE: r"\s", ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w", ops.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_ASCII_SCOPED = re.ASCII | re.IGNORECASE
_BACKTRACKING = {"look": "look-around", "back": "back-references and conditions", "atomic": "atomic groups"}


class One(Struct, frozen=True):
    """One character. `source`: a pattern for exactly that, flags and all; `chars`: those it names, where they are few;
    `folded`: also what they are in another case."""

    source: str
    chars: tuple[str, ...] = ()
    folded: bool = False


class Sequential(Struct, frozen=True):
    items: tuple[Node, ...]


class Choice(Struct, frozen=True):
    """The first that fits. None at all: never fits."""

    items: tuple[Node, ...]


class Repeat(Struct, frozen=True):
    """`most`: None without end. `how`: "" greedy, "?" lazy, "+" never giving back."""

    body: Node
    least: int
    most: int | None
    how: str = ""


class Edge(Struct, frozen=True):
    r"""A place: \A, (?m:^), $, (?m:$), \Z, \b, \B. `ascii`: only ASCII letters make words."""

    kind: str
    ascii: bool = False

    @property
    def letters(self) -> str | None:
        """What makes words; None for an edge that is not one of words."""
        if self.kind not in (r"\b", r"\B"):
            return None
        return r"(?a:\w)" if self.ascii else r"\w"


class Look(Struct, frozen=True):
    """Around a place. `opening`: (?=, (?!, (?<= or (?<!."""

    opening: str
    body: Node


class Atomic(Struct, frozen=True):
    body: Node


class Back(Struct, frozen=True):
    """Something that depends on what a group matched."""

    bodies: tuple[Node, ...] = ()


Node = One | Sequential | Choice | Repeat | Edge | Look | Atomic | Back


def shape(pattern: str, *, case_insensitive: bool = False) -> Node:
    """Raises ValueError: no regular expression, in words for its author."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern, re.IGNORECASE if case_insensitive else 0)
        return _sequence(parsed, parsed.state.flags)
    except re.error as error:
        raise refused(pattern, error) from error
    except (OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is too big for a regular expression.") from error


def refused(pattern: str, error: re.error) -> ValueError:
    place = "" if error.pos is None else f", at character {error.pos + 1}"
    return ValueError(f"{pattern!r} is no regular expression: {error.msg}{place}.")


def backtracking(node: Node) -> list[str]:
    """What of a pattern cannot be had in linear time, in words; each once."""
    found = {"look": False, "back": False, "atomic": False}
    for one in walk(node):
        found["look"] |= isinstance(one, Look)
        found["back"] |= isinstance(one, Back)
        found["atomic"] |= isinstance(one, Atomic) or (isinstance(one, Repeat) and one.how == "+")
    return [words for name, words in _BACKTRACKING.items() if found[name]]


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> Sequence[Node]:
    match node:
        case Sequential() | Choice():
            return node.items
        case Repeat() | Look() | Atomic():
            return (node.body,)
        case Back():
            return node.bodies
    return ()


def nullable(node: Node) -> bool:
    """Whether it may match nothing at all."""
    match node:
        case One():
            return False
        case Sequential():
            return all(map(nullable, node.items))
        case Choice():
            return any(map(nullable, node.items))
        case Repeat():
            return node.least == 0 or nullable(node.body)
        case Atomic():
            return nullable(node.body)
    return True


def _sequence(parsed: Iterable[Any], flags: int) -> Node:
    items = tuple(_node(op, value, flags) for op, value in parsed)
    return items[0] if len(items) == 1 else Sequential(items)


def _node(op: Any, value: Any, flags: int) -> Node:  # noqa: PLR0911, C901 - one line for each kind that there is
    match op:
        case ops.LITERAL:
            return _one(re.escape(chr(value)), flags, (chr(value),))
        case ops.NOT_LITERAL:
            return _one(f"[^{_escaped(value)}]", flags)
        case ops.ANY:
            return One("(?s:.)" if flags & re.DOTALL else ".")
        case ops.IN:
            return _class(value, flags)
        case ops.AT:
            return _edge(value, flags)
        case ops.BRANCH:
            return Choice(tuple(_sequence(one, flags) for one in value[1]))
        case ops.SUBPATTERN:
            _, added, removed, body = value
            return _sequence(body, _scoped(flags, added, removed))
        case ops.MAX_REPEAT | ops.MIN_REPEAT | ops.POSSESSIVE_REPEAT:
            least, most, body = value
            how = {ops.MAX_REPEAT: "", ops.MIN_REPEAT: "?", ops.POSSESSIVE_REPEAT: "+"}[op]
            return Repeat(_sequence(body, flags), least, None if most is ops.MAXREPEAT else most, how)
        case ops.ASSERT | ops.ASSERT_NOT:
            direction, body = value
            return Look("(?" + ("<" if direction < 0 else "") + "!="[op is ops.ASSERT], _sequence(body, flags))
        case ops.ATOMIC_GROUP:
            return Atomic(_sequence(value, flags))
        case ops.FAILURE:
            return Choice(())
        case ops.GROUPREF_EXISTS:
            return Back(tuple(_sequence(one, flags) for one in value[1:] if one is not None))
    return Back()


def _scoped(flags: int, added: int, removed: int) -> int:
    if added & re.ASCII:
        flags &= ~re.UNICODE
    if added & re.UNICODE:
        flags &= ~re.ASCII
    return (flags | added) & ~removed


def _class(items: Sequence[Any], flags: int) -> One:
    negated = items[0][0] is ops.NEGATE
    source = "".join(_item(op, value) for op, value in items if op is not ops.NEGATE)
    literal = not negated and all(op is ops.LITERAL for op, _ in items)
    return _one(f"[{'^' * negated}{source}]", flags, tuple(chr(value) for _, value in items) if literal else ())


def _item(op: Any, value: Any) -> str:
    if op is ops.RANGE:
        return f"{_escaped(value[0])}-{_escaped(value[1])}"
    return _escaped(value) if op is ops.LITERAL else _CATEGORIES[value]


def _escaped(code: int) -> str:
    return f"\\U{code:08x}"


def _one(source: str, flags: int, chars: tuple[str, ...] = ()) -> One:
    scoped = flags & _ASCII_SCOPED
    letters = ("a" if scoped & re.ASCII else "") + ("i" if scoped & re.IGNORECASE else "")
    return One(f"(?{letters}:{source})" if letters else source, chars, bool(scoped & re.IGNORECASE))


def _edge(at: Any, flags: int) -> Edge:
    lines = bool(flags & re.MULTILINE)
    kind = {
        ops.AT_BEGINNING: "(?m:^)" if lines else r"\A", ops.AT_BEGINNING_STRING: r"\A",
        ops.AT_END: "(?m:$)" if lines else "$", ops.AT_END_STRING: r"\Z",
        ops.AT_BOUNDARY: r"\b", ops.AT_NON_BOUNDARY: r"\B",
    }[at]  # fmt: skip
    return Edge(kind, bool(flags & re.ASCII) and kind in (r"\b", r"\B"))
