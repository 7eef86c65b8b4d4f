"""Makes scripts searchable that put no spaces between words: Chinese, Japanese, Thai and their neighbours.

An index knows words by the spaces around them, and so would know a whole sentence of these scripts as one. Here each
run of them becomes its overlapping pairs of characters: whatever is asked for inside a run is then a phrase of pairs. A
pair is written in ASCII, so that every index takes it for one word, whatever it thinks of vowel signs and locales.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from evenhand.engine.text.letters import UNSPACED

MOST = 5_000
"""Characters of one text that are made searchable: beyond them a run is known as a whole only."""
_ALSO = ((0x3005, 0x3007), (0x3105, 0x312F), (0xFF66, 0xFF9F))
"""Signs among Han characters, bopomofo, and kana of half width."""
_RUN = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in (*UNSPACED, *_ALSO))}]+")


def folded(text: str) -> str:
    """What to index in the place of the text; empty when the text is good as it is.

    First each character once, for those who ask for a single one; then the text with its runs as pairs.
    """
    singles: dict[str, None] = {}
    pieces: list[str] = []
    left, position = MOST, 0
    for run in _RUN.finditer(text):
        if not left:
            break
        taken = run.group()[:left]
        singles.update(dict.fromkeys(_normal(taken)))
        pieces += [text[position : run.start()], *pairs(taken)]
        left, position = left - len(taken), run.start() + len(taken)
    return " ".join([*map(_name, singles), *pieces, text[position:]]) if singles else ""


def split(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces; True marks a run."""
    position = 0
    for run in _RUN.finditer(text):
        if run.start() > position:
            yield text[position : run.start()], False
        yield run.group(), True
        position = run.end()
    if position < len(text):
        yield text[position:], False


def pairs(run: str) -> list[str]:
    """The words that stand for a run in the index: its pairs, or its one character."""
    names = [_name(character) for character in _normal(run)]
    return [first + second for first, second in pairwise(names)] or names


def is_single(run: str) -> bool:
    """Whether the run is one character: it is part of a pair wherever it stands in a longer run."""
    return len(_normal(run)) == 1


def _normal(run: str) -> str:
    """Full and half width are the same, and so are a sign and its parts."""
    return unicodedata.normalize("NFKC", run)


@cache
def _name(character: str) -> str:
    """Always as long: the beginning of one name is never another."""
    return f"g{ord(character):05x}"
