"""What must stand in a text for a pattern to match: literals for a first, cheap look."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from evenhand.engine.rules.regex.shape import Choice, Edge, Look, Node, One, Repeat, Sequential, shape

LEAST = 2
"""Shorter literals stand in most texts, and tell nothing."""
_MOST = 32
"""More literals for one pattern are not worth their place."""
_MOST_CHARS = 4
_MOST_LENGTH = 64
_DOTTED_I = "\u0130"
Strings = frozenset[str]
_EMPTY: Strings = frozenset([""])


class _Folds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDS = _Folds()


def fold_case(text: str) -> str:
    """The text with letters alike that are alike to `re` when it ignores case, and perhaps some more. Lower case."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)


@lru_cache(maxsize=4096)
def required_literals(pattern: str, *, case_insensitive: bool = False) -> Strings | None:
    """Literals of which at least one stands in `fold_case(text)` of every text that matches; None when nothing is sure.

    Raises ValueError: no regular expression.
    """
    found = _best(shape(pattern, case_insensitive=case_insensitive))
    if not found or min(map(len, found)) < LEAST:
        return None
    return frozenset(one for one in found if not any(other in one for other in found if other != one))


def literal_only(pattern: str, *, case_insensitive: bool = False) -> str | None:
    """The string that a pattern is, where it is nothing else: it matches exactly the texts that hold it. None where it
    is more, or where case is ignored.

    Raises ValueError: no regular expression.
    """
    node = shape(pattern, case_insensitive=case_insensitive)
    items = node.items if isinstance(node, Sequential) else (node,)
    chars = [one.chars for one in items if isinstance(one, One) and not one.folded and len(one.chars) == 1]
    return "".join(one for (one,) in chars) if len(chars) == len(items) else None


def _best(node: Node) -> Strings | None:
    """The best set of which one must stand in a match."""
    match node:
        case Sequential():
            return _best_of_sequence(node)
        case Choice():
            return _all(node)
        case Repeat() if node.least > 0:
            return _better(_exact(node), _best(node.body))
        case Repeat() | Look():
            return None
    return _exact(node)


def _all(node: Choice) -> Strings | None:
    """One of each way."""
    found: set[str] = set()
    for one in node.items:
        best = _best(one)
        if best is None:
            return None
        found |= best
    return frozenset(found) if 0 < len(found) <= _MOST else None


def _best_of_sequence(node: Sequential) -> Strings | None:
    best: Strings | None = None
    run = _EMPTY
    for one in node.items:
        exact = _exact(one)
        joined = _joined(run, exact) if exact else None
        if joined is None:
            best = _better(best, run)
            best = _better(best, _best(one))
            run = exact or _EMPTY
        else:
            run = joined
    return _better(best, run)


def _exact(node: Node) -> Strings | None:
    """All that a part can match, folded, where that is little."""
    match node:
        case One() if 0 < len(node.chars) <= _MOST_CHARS:
            return frozenset(map(fold_case, node.chars))
        case Edge() | Look():
            return _EMPTY
        case Sequential():
            run: Strings | None = _EMPTY
            for one in node.items:
                exact = _exact(one)
                run = _joined(run, exact) if run and exact else None
            return run
        case Choice():
            each = [_exact(one) for one in node.items]
            found = frozenset().union(*(one for one in each if one))
            return found if each and None not in each and len(found) <= _MOST else None
        case Repeat():
            return _repeated(node)
    return None


def _repeated(node: Repeat) -> Strings | None:
    body = _exact(node.body)
    if body is None or node.most is None or node.most > _MOST_CHARS:
        return None
    times = _EMPTY
    found: Strings = _EMPTY if node.least == 0 else frozenset()
    for count in range(1, node.most + 1):
        more = _joined(times, body)
        if more is None:
            return None
        times = more
        found |= times if count >= node.least else frozenset()
    return found if len(found) <= _MOST else None


def _joined(left: Strings, right: Strings) -> Strings | None:
    if len(left) * len(right) > _MOST:
        return None
    joined = frozenset(one + other for one, other in product(left, right))
    return joined if max(map(len, joined)) <= _MOST_LENGTH else None


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """Long literals are rare in texts, and few are cheap: the shortest counts, then how many there are."""
    if not one or not other:
        return one or other
    return max(one, other, key=lambda some: (min(map(len, some)), -len(some)))


def _fold(letter: str) -> str:
    """By way of the upper case, in which letters meet that differ in lower case: ſ and s, ς and σ."""
    lower = "i" if letter == _DOTTED_I else letter.lower()
    return lower.upper().lower()
