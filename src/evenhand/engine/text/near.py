"""Near-duplicates: a text as a small sketch of its word pairs, and the bands under which similar texts meet.

MinHash (Broder 1997) with locality-sensitive banding (Indyk and Motwani 1998); the sketch is bottom-k, so for a text of
up to `SKETCH` different word pairs the similarity is exact.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from msgspec import Struct

from evenhand.engine.text.fold import LIMIT, fold, unmask

BANDS = 4
ROWS = 2
"""Texts of similarity s meet in some band with probability 1 - (1 - s^ROWS)^BANDS: .68 at .5, .93 at .7, .98 at .8."""
SKETCH = 48
SIMILAR = 0.4
"""Jaccard similarity of word pairs from which on two texts are near-duplicates: about one word in five changed."""
LEAST_WORDS = 8
LEAST_LETTERS = 24
"""Shorter texts are not compared: people do write "happy birthday" on their own."""

_CACHED_LENGTH = 2_000
_PASSING = re.compile(r"(?:https?|ftp)://\S+|www\.\S+|@[\w.]+")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_SIGN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+")
"""Where no spaces are written (Thai, Burmese, Khmer, Japanese, Chinese), each sign stands for a word."""
_64_BITS = (1 << 64) - 1
_ODD = 0x9E3779B97F4A7C15
"""Multiply-shift hashing (Dietzfelbinger et al. 1997): the high bits of the product are well mixed."""


def anchors(count: int) -> list[int]:
    """Places on the ring of all pairs. The first pair after one, round the ring, is the same in two texts with their
    similarity as its probability: one permutation hashing with rotation (Shrivastava and Li 2014), by bisection."""
    return [(_ODD * number & _64_BITS) >> 34 for number in range(1, count + 1)]


_ANCHORS = anchors(BANDS * ROWS)


class Near(Struct, frozen=True):
    """`bands`: one number for each band, texts that share one may be alike. `sketch`: what tells how alike they are."""

    bands: tuple[int, ...]
    sketch: bytes


def near(text: str) -> Near | None:
    """The text's bands and sketch; None when it is too short to be compared. Links and mentions do not count."""
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _near(text)


def similarity(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two sketches, 0 to 1."""
    if one == other:
        return 1.0
    left, right = _values(one), _values(other)
    both = left & right
    if len(left) < SKETCH and len(right) < SKETCH:
        return len(both) / (len(left) + len(right) - len(both))
    union = left | right
    highest = sorted(union)[:SKETCH][-1]
    return sum(1 for value in both if value <= highest) / min(SKETCH, len(union))


def _near(text: str) -> Near | None:
    pairs = _pairs(_words(text[:LIMIT]))
    if not pairs:
        return None
    ring = sorted(pairs)
    first = nearest(ring, _ANCHORS)
    bands = tuple(_band(first[start : start + ROWS]) for start in range(0, BANDS * ROWS, ROWS))
    return Near(bands, sketch(ring))


def nearest(ring: Sequence[int], places: Sequence[int]) -> list[int]:
    """For each of the places the first pair after it; `ring` is sorted, and not empty."""
    return [ring[bisect_left(ring, place) % len(ring)] for place in places]


def sketch(ring: Sequence[int]) -> bytes:
    """The lowest `SKETCH` of the pairs, which are sorted: what `similarity` takes."""
    lowest = ring[:SKETCH]
    return struct.pack(f"<{len(lowest)}I", *lowest)


_remembered = lru_cache(maxsize=1024)(_near)


def _words(text: str) -> list[str]:
    plain = unmask(fold(text).text)
    if "@" in plain or "://" in plain or "www." in plain:
        plain = _PASSING.sub(" ", plain)
    return words_of(plain).findall(plain)


def words_of(plain: str) -> re.Pattern[str]:
    """What finds the words of a folded text."""
    return _WORD if plain.isascii() or max(plain) < "\u0e00" else _WORD_OR_SIGN


def _pairs(words: Sequence[str]) -> set[int]:
    """A number for each pair of neighbouring words; empty when the text is too short."""
    return set(pairs([crc32(word.encode()) for word in words])) if is_long(words) else set()


def is_long(words: Sequence[str]) -> bool:
    """Whether the text has enough words to be compared by its pairs."""
    return len(words) >= LEAST_WORDS and sum(map(len, words)) >= LEAST_LETTERS


def pairs(hashes: Sequence[int]) -> list[int]:
    """A number of 30 bits for each pair of neighbours in hashes of 32 bits."""
    return [((left << 32 | right) * _ODD & _64_BITS) >> 34 for left, right in pairwise(hashes)]


def _band(pairs: Sequence[int]) -> int:
    """32 bits that stand for these numbers in this order."""
    return crc32(struct.pack(f"<{len(pairs)}I", *pairs))


@lru_cache(maxsize=2048)
def _values(sketch: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f"<{len(sketch) // 4}I", sketch))
