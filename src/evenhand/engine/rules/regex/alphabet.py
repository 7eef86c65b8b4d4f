r"""Alphabets: texts of any script in few characters, so that an engine for ASCII answers as `re` does on Unicode.

Two characters that every part of a pattern treats alike may stand for each other. What a part takes is asked of `re`
itself, so that case, digits, spaces and words are its own, down to the last oddity. A letter is written as a letter of
ASCII and everything else as something else, so that \b is where it was.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from functools import lru_cache

from evenhand.engine.rules.regex.emit import Dialect, Unfit
from evenhand.engine.rules.regex.shape import Edge, Node, One, walk

ASCII = "".join(map(chr, range(128)))
_LETTERS = string.ascii_letters + string.digits + "_"
_OTHERS = "".join(sign for sign in ASCII if sign not in _LETTERS and sign != "\n")
_BEYOND = range(0x100, 0xD800)
_NEWLINE = r"\n"
_MOST_KNOWN = 4096
"""How many characters of texts are remembered: nobody fills the memory with rare ones."""

Signature = tuple[bool, ...]
"""For each part of the pattern, whether it takes a character."""


class Unknown(Exception):
    """A character that is treated like none before it. `signature` is how."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature


class Alphabet:
    """Unchanging, so that threads may share it; `with_` makes a larger one."""

    def __init__(self, parts: tuple[str, ...], letters: str | None, signatures: tuple[Signature, ...]) -> None:
        r"""`parts`: patterns of one character each. `letters`: what makes words, where the engine must see it.

        Raises Unfit: more kinds of letters than ASCII has.
        """
        self._parts, self._letters, self._signatures = parts, letters, signatures
        self._symbols = _symbols(signatures, parts.index(letters) if letters else None, parts.index(_NEWLINE))
        self._table = _Table(parts, self._symbols)

    def with_(self, signature: Signature) -> Alphabet:
        return Alphabet(self._parts, self._letters, (*self._signatures, signature))

    def written(self, text: str) -> str:
        """The text in this alphabet.

        Raises Unknown: it needs a larger one.
        """
        return text.translate(self._table)

    def members(self, part: str) -> list[str]:
        """The characters of this alphabet that a part takes."""
        at = self._parts.index(part)
        return [symbol for signature, symbol in self._symbols.items() if signature[at]]


class _Table(dict[int, str]):
    def __init__(self, parts: Iterable[str], symbols: dict[Signature, str]) -> None:
        super().__init__()
        self._tests = [_compiled(part).fullmatch for part in parts]
        self._symbols = symbols

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        signature = tuple(test(letter) is not None for test in self._tests)
        symbol = self._symbols.get(signature)
        if symbol is None:
            raise Unknown(signature)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[code] = symbol
        return symbol


def alphabet(node: Node, dialect: Dialect) -> Alphabet:
    """An alphabet for a pattern, with which every text in ASCII can be written.

    Raises Unfit: there is none.
    """
    edges = {one.letters for one in walk(node) if isinstance(one, Edge) and one.letters}
    if len(edges) > 1 and dialect.linear:
        raise Unfit
    sources = [one.source for one in walk(node) if isinstance(one, One)]
    parts = tuple(dict.fromkeys([*sources, *sorted(edges), _NEWLINE]))
    letters = next(iter(edges), None) if dialect.linear else None
    taken = [ascii_members(part) for part in parts]
    signatures = dict.fromkeys(tuple(letter in some for some in taken) for letter in ASCII)
    return Alphabet(parts, letters, tuple(signatures))


@lru_cache(maxsize=4096)
def ascii_members(part: str) -> frozenset[str]:
    """The characters of ASCII that a pattern of one character takes."""
    test = _compiled(part).fullmatch
    return frozenset(letter for letter in ASCII if test(letter))


@lru_cache(maxsize=4096)
def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(part)


def _symbols(signatures: Iterable[Signature], letter: int | None, newline: int) -> dict[Signature, str]:
    letters, others, beyond = iter(_LETTERS), iter(_OTHERS), map(chr, _BEYOND)
    symbols = {}
    for signature in signatures:
        if signature[newline]:
            symbol: str | None = "\n"
        elif letter is not None and signature[letter]:
            symbol = next(letters, None)
        else:
            symbol = next(others, None) or next(beyond, None)
        if symbol is None:
            raise Unfit
        symbols[signature] = symbol
    return symbols
