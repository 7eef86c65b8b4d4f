"""What a text says, small enough to be kept: its words, and what another text must share to say the same.

Similar words are not enough: "I am not at home" is a near-duplicate of "I am at home". So what turns a text's meaning
(negations, numbers, mentions, links, quotations, names) is kept apart; `engine.text.alike` compares it.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from zlib import crc32

from msgspec import Struct

from evenhand.engine.text import near, negation, sides
from evenhand.engine.text.addresses import without_addresses
from evenhand.engine.text.fold import LIMIT, Folded, fold, unmask
from evenhand.engine.text.letters import is_unspaced
from evenhand.engine.text.names import skeleton

SHORTEST = 3
"""A text of fewer words says too little to be judged by its words alone."""
LEAST_SIGNS = 12
"""From as many signs on a text without spaces is compared by them."""
MOST_WORDS = 400
"""Different words kept of a text; of a longer one those with the lowest hashes, which are the same in its copies."""
MOST_NAMES = 64
MOST_BESIDE = 8
BANDS = 10
ROWS = 2
MANY_CAPITALS = 0.3
"""A text with a larger share of capitals inside its sentences tells no names by them: German nouns, a title."""

_QUOTES = re.compile('["“”„«»「」『』《》]')
_QUOTED_LINE = ">"
_MONEY_FOR_S = re.compile(r"(?<=[^\W\d_])\$|\$(?=[^\W\d_])")
_LINE = "|"
_END = re.compile("[.!?,;:…。！？，、；|]")
_AGAIN = 0x9E3779B1
_ANCHORS = near.anchors(BANDS * ROWS)
_CACHED_LENGTH = 2_000
_ROW = 4 * ROWS
_SHORT = BANDS
"""The number of the band where short texts meet."""
_LETTER_FOR = str.maketrans("01345789", "oieastbg")
_WITHIN = " ,'’-"
"""What may stand between two words of one sentence."""


class Name(Struct, frozen=True, array_like=True):
    """A word that seems to name somebody. `beside`: the two words before it, and after it (inverted), each time."""

    sounds: int
    beside: tuple[int, ...]
    sure: bool
    """False at the start of a sentence, where any word has a capital; and of what is all capitals, or half digits."""


_NOBODY = Name(0, (), sure=False)


class Wording(Struct, frozen=True, array_like=True):
    """All numbers are hashes. `bands`: texts that share one may be alike; empty when the text says too little."""

    bands: tuple[int, ...] = ()
    stance: int = 0
    """Of what must be the same: negations, numbers, mentions, links, and whether it quotes."""
    links: int = 0
    """Of its links; 0 when there are none."""
    orders: tuple[int, ...] = ()
    """Of its words in their order; of a short text also with its names as they sound."""
    long: bool = False
    """Whether it has enough words to be compared by them; a short one is alike only to what has the same words."""
    words: bytes = b""
    """Of its different words, four bytes each, sorted."""
    pairs: bytes = b""
    """Of its pairs of neighbouring words within a part of a sentence, packed in the same way."""
    joints: bytes = b""
    """Of the pairs at the joints of such parts."""
    names: dict[int, Name] = {}
    opposites: tuple[int, ...] = ()
    """Of its words without a beginning that makes a word its opposite: of "unsafe", that of "safe"."""
    cased: bool = False
    """Whether capitals tell its names from its other words."""
    sides: dict[int, int] = {}
    """How often it has each word that is one side of a line between people, and each such sign."""


def read(text: str) -> Wording:
    """What the first 100,000 characters of a text say. Takes time linear in them."""
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _read(text)


def _read(text: str) -> Wording:
    raw = text[:LIMIT].replace("\n", _LINE)
    folded = fold(raw)
    plain, links, mentions = without_addresses(unmask(folded.text))
    if "$" in plain:
        plain = _MONEY_FOR_S.sub("s", plain)
    words, ends = _words(plain)
    lettered = "".join(words).isalpha()
    mixed = () if lettered else [place for place, word in enumerate(words) if _is_mixed(word)]
    for place in mixed:
        words[place] = words[place].translate(_LETTER_FOR)
    numbers = () if lettered else _numbers(words)
    signs = [] if raw.isascii() else sides.signs(raw)
    stance = _digest([*mentions, *links, *numbers, *_negations(plain, words), *_quotation(raw), *_flags(signs)])
    hashes = list(map(crc32, map(str.encode, words)))
    plainly = raw.isascii() and raw.lower() == raw
    spans = [] if plainly else [word.span() for word in near.words_of(plain).finditer(plain)]
    capitals = _capitals(raw, folded, spans)
    cased = bool(capitals) and _tells(capitals, words, raw)
    people = [] if sides.ALL.isdisjoint(words) else [place for place, word in enumerate(words) if word in sides.ALL]
    groups = dict.fromkeys([place for place in people if words[place] in sides.GROUPS], True)
    likely = groups | dict.fromkeys([*mixed, *_strangers(plain, words)], False) | (capitals if cased else {}) | groups
    sounds = {place: _sounds(folded.text[slice(*spans[place])] if spans else "", words[place]) for place in likely}
    parted = _counted([*[words[place] for place in people], *signs])
    if not _is_long(words):
        orders = {_in_order(words), _in_order([sounds.get(place) or word for place, word in enumerate(words)])}
        bands = [_SHORT << 32 | crc32(struct.pack("<QQ", order, stance)) for order in sorted(orders)]
        return Wording(
            bands=tuple(bands) if len(words) >= SHORTEST else (),
            stance=stance,
            links=_digest(links),
            orders=tuple(sorted(orders)),
            words=_pack(_numbered(hashes)),
            sides=parted,
        )
    around = near.pairs([0, 0, *hashes, 0, 0])
    pairs = around[2:-2]
    within = {pair for place, pair in enumerate(pairs) if place not in ends} if ends else set(pairs)
    return Wording(
        bands=_bands(sorted(within or pairs), stance),
        stance=stance,
        links=_digest(links),
        orders=(_in_order(words),),
        long=True,
        words=_pack(_numbered(hashes)),
        pairs=_pack(within),
        joints=_pack(set(pairs) - within) if ends else b"",
        names=_names(likely, sounds, hashes, around),
        opposites=tuple([crc32(word.encode()) for word in negation.OPPOSITE.findall(plain)[:MOST_WORDS]]),
        cased=cased,
        sides=parted,
    )


_remembered = lru_cache(maxsize=1024)(_read)
"""A wave is the same text again and again."""


def _is_long(words: Sequence[str]) -> bool:
    """A sign of a script without spaces tells more than a letter."""
    return near.is_long(words) or (len(words) >= LEAST_SIGNS and is_unspaced(words[0][0]))


def _words(plain: str) -> tuple[list[str], set[int]]:
    """The words, and behind which of them (by their place) a part of a sentence ends: parts may be moved."""
    find = near.words_of(plain).findall
    *parts, last = _END.split(plain)
    words: list[str] = []
    ends = set()
    for part in parts:
        words += find(part)
        ends.add(len(words) - 1)
    return words + find(last), ends


def _numbered(hashes: Sequence[int]) -> set[int]:
    """The words; one that comes again as another one."""
    numbered = set(hashes)
    if len(numbered) < len(hashes):
        again = [(word, times) for word, times in Counter(hashes).items() if times > 1]
        numbered.update([word + more * _AGAIN & 0xFFFFFFFF for word, times in again for more in range(1, times)])
    return numbered


def _counted(words: Sequence[str]) -> dict[int, int]:
    return dict(Counter(map(crc32, map(str.encode, words)))) if words else {}


def _strangers(plain: str, words: Sequence[str]) -> list[int]:
    """Places of the few words in other letters than the rest: in the midst of another script stand names."""
    if plain.isascii():
        return []
    latin = [place for place, word in enumerate(words) if word.isascii() and not word.isdigit()]
    other = [place for place, word in enumerate(words) if not word.isascii()]
    few = min(latin, other, key=len)
    return few if len(few) <= MANY_CAPITALS * len(words) else []


def _sounds(written: str, word: str) -> str:
    """A name all of whose letters could be Latin is taken for a Cyrillic one where it is written so. Sides of a line
    may sound alike, and are not the same."""
    if word in sides.GROUPS:
        return f"name {word}"
    foreign = not written.isascii() and not any("a" <= letter <= "z" for letter in written)
    return f"name {skeleton(written if foreign else word)}"


def _capitals(raw: str, folded: Folded, spans: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """Which of the words have a capital, by their place; True inside a sentence and not all in capitals."""
    if raw.lower() == raw:
        return {}
    capitals = {}
    starts = folded.starts or range(len(raw))
    places = [place for place, (first, end) in enumerate(spans) if raw[starts[first]].isupper() and end - first > 1]
    for place in places:
        first, end = spans[place]
        gap = raw[starts[spans[place - 1][1] - 1] + 1 : starts[first]] if place else "."
        within = not gap.strip(_WITHIN) and "  " not in gap
        capitals[place] = within and not raw[starts[first] : starts[end - 1] + 1].isupper()
    return capitals


def _tells(capitals: dict[int, bool], words: Sequence[str], raw: str) -> bool:
    return raw.upper() != raw and sum(capitals.values()) <= MANY_CAPITALS * len(words)


def _is_mixed(word: str) -> bool:
    """Whether digits stand between its letters: for letters, or as a part of a code."""
    return not word.isalpha() and not word.isdigit() and any(map(str.isdigit, word))


def _numbers(words: Sequence[str]) -> Iterator[str]:
    """Numbers, those that stand side by side as one: the groups of a telephone number, of thousands."""
    for are_digits, some in groupby(words, str.isdigit):
        if are_digits:
            yield f"number {' '.join(some)}"


def _negations(plain: str, words: Sequence[str]) -> Iterator[str]:
    """Each with the word that it turns round."""
    if not negation.WORDS.isdisjoint(words):
        following = [*words[1:], ""]
        yield from [f"not {after}" for word, after in zip(words, following, strict=True) if word in negation.WORDS]
    if not plain.isascii():
        yield from map("sign {}".format, negation.INSIDE.findall(plain))


def _quotation(raw: str) -> list[str]:
    """Who quotes a text says something else than who writes it."""
    lines = raw.startswith(_QUOTED_LINE) or _LINE + _QUOTED_LINE in raw
    return ["quotes"] if lines or _QUOTES.search(raw) else []


def _flags(signs: Sequence[str]) -> list[str]:
    return [f"sign {sign}" for sign in {*signs} - sides.PEOPLE]


def _names(
    likely: Mapping[int, bool], sounds: Mapping[int, str], hashes: Sequence[int], around: Sequence[int]
) -> dict[int, Name]:
    names: dict[int, Name] = {}
    for place, sure in list(likely.items())[:MOST_NAMES]:
        known = names.get(hashes[place], _NOBODY)
        beside = (*known.beside, around[place], ~around[place + 3])[:MOST_BESIDE]
        names[hashes[place]] = Name(crc32(sounds[place].encode()), beside, sure or known.sure)
    return names


def _bands(ring: Sequence[int], stance: int) -> tuple[int, ...]:
    packed = struct.pack(f"<{BANDS * ROWS}I", *near.nearest(ring, _ANCHORS))
    begun = crc32(struct.pack("<Q", stance))
    return tuple([band << 32 | crc32(packed[band * _ROW : band * _ROW + _ROW], begun) for band in range(BANDS)])


def _digest(parts: Sequence[str]) -> int:
    """63 bits for these parts in any order; 0 for none."""
    return _in_order(sorted(parts)) if parts else 0


def _in_order(parts: Sequence[str]) -> int:
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def _pack(numbers: set[int]) -> bytes:
    lowest = sorted(numbers)[:MOST_WORDS]
    return struct.pack(f"<{len(lowest)}I", *lowest)
