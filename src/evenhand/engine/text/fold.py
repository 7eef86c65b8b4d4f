"""Folding: text as it is compared, with the way back to the very characters of the original."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from evenhand.engine.text.letters import LOOKALIKES, fold_letter

LIMIT = 100_000
"""How many characters of a text are read; the rest is not looked at, and the evidence says so."""
_CACHED_LENGTH = 2_000
_ALIKE = frozenset(map(chr, LOOKALIKES))
_MIXED = re.compile("[a-z][{0}]|[{0}][a-z]".format("".join(sorted(_ALIKE))))
_GAP = re.compile(" {2,}")
_WORD = re.compile(r"[^\W\d_]+")


class Folded(Struct, frozen=True):
    """Folded text. `starts[i]` is where its i-th character comes from; None when nothing moved."""

    text: str
    length: int
    """Length of the original, in characters."""
    starts: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that stand behind `text[start:end]`, with the accents and gaps after them."""
        if self.starts is None:
            return start, end
        last = self.starts[end - 1] + 1
        after = self.starts[end] if end < len(self.starts) else self.length
        return self.starts[start], max(last, after)


class _Table(dict[int, str]):
    """Folds characters as they come up, and remembers those that do not stay one character."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = self[code] = fold_letter(letter)
        if len(folded) != 1:
            self.uneven.add(letter)
        return folded


_TABLE = _Table()


def fold(text: str) -> Folded:
    """Case, accents, compatibility forms and invisible characters out of the way; each run of white space one space."""
    return (_remembered if len(text) <= _CACHED_LENGTH else _last)(text)


def _fold(text: str) -> Folded:
    folded = text.translate(_TABLE)
    if not text.isascii() and not _TABLE.uneven.isdisjoint(text):
        return _letter_by_letter(text)
    return _without_gaps(folded) if "  " in folded else Folded(folded, len(text))


_remembered = lru_cache(maxsize=1024)(_fold)
_last = lru_cache(maxsize=1)(_fold)
"""A long text is folded for one list after the other."""


def _without_gaps(folded: str) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    done = 0
    for gap in _GAP.finditer(folded):
        pieces.append(folded[done : gap.start() + 1])
        starts.extend(range(done, gap.start() + 1))
        done = gap.end()
    starts.extend(range(done, len(folded)))
    return Folded("".join(pieces) + folded[done:], len(folded), starts)


def _letter_by_letter(text: str) -> Folded:
    letters: list[str] = []
    starts: list[int] = []
    gap = False
    for at, letter in enumerate(text):
        folded = _TABLE[ord(letter)]
        if folded == " " and gap:
            continue
        letters.append(folded)
        starts.extend([at] * len(folded))
        gap = folded == " " or (gap and not folded)
    return Folded("".join(letters), len(text), starts)


def unmask(folded: str) -> str:
    """The same text with letters that only pass for Latin ones replaced; character for character.

    A word that mixes them with Latin letters is a disguise. A word made of them alone is one only where the text has
    Latin letters and none that could not be Latin: in a Russian text it is Russian.
    """
    if folded.isascii() or _ALIKE.isdisjoint(folded):
        return folded
    foreign = not _is_latin(set(folded))
    if foreign and not _MIXED.search(folded):
        return folded
    return _WORD.sub(lambda word: _unmask_word(word.group(), foreign=foreign), folded)


def _unmask_word(word: str, *, foreign: bool) -> str:
    latin = word.translate(LOOKALIKES)
    if latin == word or not latin.isascii():
        return word
    mixed = any("a" <= letter <= "z" for letter in word)
    return latin if mixed or not foreign else word


def _is_latin(letters: set[str]) -> bool:
    """Whether all letters that tell their script are Latin, and there are such."""
    telling = {letter for letter in letters if letter.isalpha()} - _ALIKE
    return bool(telling) and all("a" <= letter <= "z" for letter in telling)
