"""Whether two texts say the same: nearly all words are the same, nearly in the same order, and no doubt is left.

What differs must not be able to carry another meaning: no negation, number, mention, link or quotation, no other name,
and no more swapped words than a typing error or a synonym leaves. Names written in another alphabet stay the same.
Where capitals do not tell names from words (lower case, capitals only, German nouns, scripts without case), a swapped
word counts as a name.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from evenhand.engine.text.wording import MOST_WORDS, Name, Wording

SAME_WORDS = 0.6
"""Share of words, of those in either text, that both have."""
SAME_ORDER = 0.2
"""The same for pairs of neighbouring words."""
PAIRS_TURNED = 2
"""Two words in one another's place change at least so many pairs."""
PAIRS_OF_A_WORD = 2
WORDS_FOR_A_SWAP = 20
"""One word in so many may be another one."""

Names = dict[int, Name]


def alike(one: Wording, other: Wording) -> bool:
    """Whether a decision on one text is a decision on the other. The same both ways."""
    if one.stance != other.stance or not one.bands or not other.bands or _sides_exchanged(one.sides, other.sides):
        return False
    if not set(one.orders).isdisjoint(other.orders):
        return True
    if not (one.long and other.long):
        return False
    mine, theirs = _comparable(one.words, other.words)
    if _share(mine, theirs) < SAME_WORDS:
        return False
    lost, gained = mine - theirs, theirs - mine
    written = _written_otherwise(one, other, lost, gained)
    if _names_moved(one.names, other.names, written):
        return False
    lost, gained = lost - written.keys(), gained - set(written.values())
    return not _other_meaning(one, other, lost, gained) and _same_order(
        one, other, len(written) + min(len(lost), len(gained))
    )


def similarity(one: Wording, other: Wording) -> float:
    """Share of words that two texts have in common, of those in either: 0 to 1."""
    return _share(*_comparable(one.words, other.words))


def _share(mine: AbstractSet[int], theirs: AbstractSet[int]) -> float:
    both = len(mine & theirs)
    either = len(mine) + len(theirs) - both
    return both / either if either else 1.0


def _written_otherwise(
    one: Wording, other: Wording, lost: AbstractSet[int], gained: AbstractSet[int]
) -> dict[int, int]:
    """Names of one text that the other has in another spelling or alphabet."""
    if not lost or not gained or not one.names or not other.names:
        return {}
    by_sound = {name.sounds: word for word, name in other.names.items() if word in gained}
    return {word: by_sound[name.sounds] for word, name in one.names.items() if word in lost and name.sounds in by_sound}


def _names_moved(mine: Names, theirs: Names, written: dict[int, int]) -> bool:
    """Whether a name stands elsewhere among the other words: who did what to whom."""
    for word, name in mine.items():
        there = theirs.get(written.get(word, word))
        if there and (name.sure or there.sure) and set(name.beside).isdisjoint(there.beside):
            return True
    return False


def _sides_exchanged(mine: Mapping[int, int], theirs: Mapping[int, int]) -> bool:
    """Whether one side of a line between people is named less often, and another more often."""
    if mine == theirs:
        return False
    more = [theirs.get(word, 0) - mine.get(word, 0) for word in {**mine, **theirs}]
    return min(more) < 0 < max(more)


def _other_meaning(one: Wording, other: Wording, lost: AbstractSet[int], gained: AbstractSet[int]) -> bool:
    """Whether the words that only one of the texts has may change what is said."""
    if _sure(one.names, lost) or _sure(other.names, gained):
        return True
    if one.cased != other.cased:
        known, unknown = (lost, gained) if one.cased else (gained, lost)
        if len(unknown) > len(known):
            return True  # a name that was added has lost its capital
    if not lost or not gained:
        return False
    if not (one.cased or other.cased) or (_likely(one, lost) and _likely(other, gained)):
        return True
    words = min(len(one.words), len(other.words)) // 4
    if min(len(lost), len(gained)) > words // WORDS_FOR_A_SWAP:
        return True
    return not (lost.isdisjoint(other.opposites) and gained.isdisjoint(one.opposites))


def _likely(text: Wording, words: AbstractSet[int]) -> bool:
    """Whether one of these may be a name."""
    return not text.cased or not words.isdisjoint(text.names)


def _sure(names: Names, words: AbstractSet[int]) -> bool:
    return bool(names and words) and any(name.sure for word, name in names.items() if word in words)


def _same_order(one: Wording, other: Wording, others: int) -> bool:
    """Where capitals tell no names, no two words may have changed places; `others` stand in the place of some."""
    mine, theirs = _comparable(one.pairs, other.pairs)
    if _share(mine, theirs) < SAME_ORDER:
        return False
    if one.cased and other.cased:
        return True
    lost = mine - theirs - _numbers(other.joints)
    gained = theirs - mine - _numbers(one.joints)
    return min(len(lost), len(gained)) < PAIRS_TURNED + PAIRS_OF_A_WORD * others


def _comparable(one: bytes, other: bytes) -> tuple[AbstractSet[int], AbstractSet[int]]:
    """Both without what is above the highest that the other kept: of long texts only the lowest hashes are kept."""
    mine, theirs = _numbers(one), _numbers(other)
    if len(mine) < MOST_WORDS and len(theirs) < MOST_WORDS:
        return mine, theirs
    highest = min(max(some) for some in (mine, theirs) if len(some) == MOST_WORDS)
    return {number for number in mine if number <= highest}, {number for number in theirs if number <= highest}


@lru_cache(maxsize=4096)
def _numbers(packed: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f"<{len(packed) // 4}I", packed))
