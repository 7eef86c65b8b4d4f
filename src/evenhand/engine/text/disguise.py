"""What disguised words read as: digits and symbols for letters, drawn-out letters, letters set apart."""

from __future__ import annotations

import itertools
import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

_ONE = "1!|"
_LETTER_FOR = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "+": "t",
               "€": "e", "£": "l"}  # fmt: skip
_SYMBOLS = "@$€£+!|"
_BETWEEN = "*~^·•_-"
_EDGES = f"{_BETWEEN}+!|"
_SIGNS = frozenset(string.digits + _SYMBOLS + _BETWEEN)
_SIGN_CLASS = rf"[\d{re.escape(_SYMBOLS + _BETWEEN)}]"

_UNIT = r"(?:[^\W_]|[@$])"
_RUN = re.compile(rf"(?<![^\W_]){_UNIT}(?:(?:[^\w@$]|_){{1,3}}{_UNIT}(?![^\W_])){{2,}}")
_TOKEN = re.compile(rf"[\w{re.escape(_SYMBOLS + _BETWEEN)}]+")
_DRAWN = re.compile(r"([^\W\d_])\1\1")
_SIGN_IN_WORD = re.compile(rf"{_SIGN_CLASS}(?:(?=[^\W\d_])|(?<=[^\W\d_][\d@$€£]))")
_SIGN_OR_DRAWN = re.compile(f"{_SIGN_IN_WORD.pattern}|{_DRAWN.pattern}")
_THRICE = re.compile(r"(.)\1\1")
_TWO_ALONE = re.compile(r"[\W_][^\W_][\W_]{1,3}[^\W_][\W_]")

_CACHED_LENGTH = 2_000
_DRAWN_OUT = 3
"""So many of a letter in a row are drawn out: no word needs them."""

Letters = list[tuple[str, int]]
"""Characters, each with its place in the text."""


class Reading(Struct, frozen=True):
    """One way to read a disguised text. `starts[i]` is where its i-th character stands in the text as it is written."""

    text: str
    starts: Sequence[int]
    changed: Sequence[tuple[int, int]]
    """Stretches (in the reading) that are written otherwise."""
    runs: Sequence[tuple[int, int]]
    """Those of them that were letters set apart."""

    def changed_by(self, start: int, end: int) -> bool:
        """Whether any of these characters is written otherwise."""
        at = bisect_left(self.changed, (end,)) - 1
        return at >= 0 and self.changed[at][1] > start

    def in_run(self, start: int, end: int) -> bool:
        """Whether these characters lie in one run of letters set apart."""
        at = bisect_right(self.runs, (start, len(self.text))) - 1
        return at >= 0 and end <= self.runs[at][1]


class _Suspect(Struct, frozen=True):
    raw: str
    start: int
    run: bool


def readings(text: str) -> tuple[Reading, ...]:
    """All readings of a folded text that differ from it: at most four (1 is i or l, a drawn-out letter one or two)."""
    return (_remembered if len(text) <= _CACHED_LENGTH else _last)(text)


def _readings(text: str) -> tuple[Reading, ...]:
    suspects = list(_suspects(text))
    if not suspects:
        return ()
    ones = "il" if any(sign in suspect.raw for suspect in suspects for sign in _ONE) else "i"
    drawn = (1, 2) if any(_DRAWN.search(suspect.raw) for suspect in suspects) else (1,)
    found = [_read(text, suspects, one, most) for one, most in itertools.product(ones, drawn)]
    return tuple({reading.text: reading for reading in found if reading.changed}.values())


_remembered = lru_cache(maxsize=64)(_readings)
_last = lru_cache(maxsize=1)(_readings)
"""Several lists are looked for in one text, one after the other."""


def _suspects(text: str) -> Iterator[_Suspect]:
    """What may be disguised, in order: runs of letters set apart, and words with signs or drawn-out letters."""
    drawn = any(match.group(1).isalpha() for match in _THRICE.finditer(text))
    signs = not _SIGNS.isdisjoint(text)
    cause = _SIGN_OR_DRAWN if drawn else _SIGN_IN_WORD if signs else None
    done = 0
    if _TWO_ALONE.search(f" {text} "):
        for run in _RUN.finditer(text):
            yield from _words(text, done, run.start(), cause)
            yield _Suspect(run.group(), run.start(), run=True)
            done = run.end()
    yield from _words(text, done, len(text), cause)


def _words(text: str, start: int, end: int, cause: re.Pattern[str] | None) -> Iterator[_Suspect]:
    """The words between two spaces where `cause` is found. Each character is looked at a fixed number of times."""
    while cause and (found := cause.search(text, start, end)):
        first = max(start, text.rfind(" ", start, found.start()) + 1)
        last = text.find(" ", found.start(), end)
        start = end if last < 0 else last
        for token in _TOKEN.finditer(text, first, start):
            if cause.search(token.group()):
                yield _Suspect(token.group(), token.start(), run=False)


def _read(text: str, suspects: Sequence[_Suspect], one: str, most: int) -> Reading:
    letters: list[str] = []
    starts: list[int] = []
    changed: list[tuple[int, int]] = []
    runs: list[tuple[int, int]] = []
    done = 0
    for suspect in suspects:
        plain = _join(suspect, one) if suspect.run else _undisguise(suspect, one, most)
        if not plain:
            continue
        letters.append(text[done : suspect.start])
        starts.extend(range(done, suspect.start))
        stretch = (len(starts), len(starts) + len(plain))
        letters.extend(letter for letter, _ in plain)
        starts.extend(at for _, at in plain)
        changed.append(stretch)
        if suspect.run:
            runs.append(stretch)
        done = suspect.start + len(suspect.raw)
    starts.extend(range(done, len(text)))
    return Reading("".join(letters) + text[done:], starts, changed, runs)


def _join(run: _Suspect, one: str) -> Letters:
    """Letters set apart, brought together; a gap wider than the narrowest one parts words. Empty: mostly digits."""
    at = [index for index, sign in enumerate(run.raw) if sign.isalnum() or sign in "@$"]
    if 2 * sum(run.raw[index].isalpha() for index in at) < len(at):
        return []
    narrow = min(after - before for before, after in itertools.pairwise(at))
    letters: Letters = [(_letter(run.raw[0], one), run.start)]
    for before, index in itertools.pairwise(at):
        if index - before > narrow:
            letters.append((" ", run.start + before + 1))
        letters.append((_letter(run.raw[index], one), run.start + index))
    return letters


def _undisguise(word: _Suspect, one: str, most: int) -> Letters:
    """A word without what hides it. Empty: nothing does."""
    core = word.raw.strip(_EDGES)
    if not any(map(str.isalpha, core)):
        return []
    start = word.start + word.raw.index(core)
    letters = [(_letter(sign, one), start + index) for index, sign in enumerate(core) if sign not in _BETWEEN]
    shortened = _shorten(letters, most) if _DRAWN.search(core) else letters
    return [] if "".join([letter for letter, _ in shortened]) == core else shortened


def _letter(sign: str, one: str) -> str:
    return one if sign in _ONE else _LETTER_FOR.get(sign, sign)


def _shorten(letters: Letters, most: int) -> Letters:
    """A letter that stands there three times or more stands `most` times."""
    kept: Letters = []
    for _, same in itertools.groupby(letters, key=lambda pair: pair[0]):
        drawn = list(same)
        kept.extend(drawn[:most] if len(drawn) >= _DRAWN_OUT else drawn)
    return kept
