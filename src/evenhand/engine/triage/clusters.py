"""Clusters of near-identical items: what one decision may decide together.

Pure and incremental: a sample is compared with those that share one of its `keys`, which the state holds. Whoever keeps
the state (the fold in its database, a benchmark in a dict) puts together what is alike.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

from msgspec import Struct

from evenhand.engine.text import wording
from evenhand.engine.text.alike import alike, similarity
from evenhand.engine.text.wording import Wording

MOST_UNDER_KEY = 12
"""Different samples kept under a key, the newest: more of them share common words only."""
NEAR_BITS = 15
"""Distance of PDQ hashes (of 256 bits) up to which two pictures are the same one. The hash's makers advise 31 for a
match with a known picture; here it is half of that, as one decision is for all."""
_BAND_BITS = 16
_MEDIA, _LINKS = 64, 128
"""First numbers of the bands of media and links; texts have those below."""


class Medium(Struct, frozen=True, array_like=True):
    """A medium by its hashes, in hex. `flat` pictures (text, plain backgrounds) are near each other by chance."""

    pdq: str = ""
    exact: tuple[str, ...] = ()
    flat: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.pdq or self.exact)


class Sample(Struct, frozen=True, array_like=True):
    """What of an item decides which others are the same."""

    wording: Wording
    media: tuple[Medium, ...] = ()
    by_link: bool = False
    """The policy of its case is about its links: what it says around them makes no difference."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which it may meet its like; none when too little is known of it."""
        return tuple(map("key:{:x}".format, self.bands))

    @property
    def bands(self) -> Sequence[int]:
        """The same as numbers."""
        if self.by_link:
            return [_LINKS << 32 | self.wording.links & 0xFFFFFFFF] if self.wording.links else []
        if not all(medium.is_known for medium in self.media):
            return []
        if self.wording.bands or not self.media or self.wording.words:
            return self.wording.bands
        return list(_media_bands(self.media[0]))


class Placed(Struct, frozen=True):
    """`alike`: names of samples that say the same, one of each group, the most similar first. `changed`: the state to
    keep."""

    alike: tuple[str, ...]
    changed: dict[str, Any]


def sample(text: str, media: Sequence[Medium] = (), *, by_link: bool = False) -> Sample:
    return Sample(wording.read(text), tuple(media), by_link)


def same(one: Sample, other: Sample) -> bool:
    """Whether one decision may decide both. The same both ways; never on a doubt."""
    if one.by_link or other.by_link:
        return one.by_link and other.by_link and 0 != one.wording.links == other.wording.links
    if one.media or other.media:
        return _same_media(one.media, other.media) and _same_caption(one.wording, other.wording)
    return alike(one.wording, other.wording)


def place(
    name: str, new: Sample, state: Mapping[str, Any], group: Callable[[str], Hashable] = lambda name: name
) -> Placed:
    """Which samples are alike to the new one.

    `state` holds, under each of `keys`, a list of names, and under each name its sample; what it lacks is not known.
    Of names that `group` puts together only one is told.
    """
    found: dict[Hashable, str] = {}
    covered = False
    under = {key: list(state.get(key, ())) for key in new.keys}
    for other in dict.fromkeys(one for names in under.values() for one in names):
        known = state.get(other)
        if other == name or known is None:
            continue
        if group(other) not in found and same(new, known):
            found[group(other)] = other
        covered = covered or known == new
    nearest = list(found.values())
    if len(nearest) > 1:
        nearest.sort(key=lambda other: (state[other] != new, -similarity(state[other].wording, new.wording)))
    if covered:
        return Placed(tuple(nearest), {})
    kept = {key: [*[one for one in names if one != name][1 - MOST_UNDER_KEY :], name] for key, names in under.items()}
    return Placed(tuple(nearest), {**kept, name: new} if kept else {})


class Clusters:
    """Clusters in memory, by union-find. For benchmarks and tests, and for what is sorted once."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self._above: dict[str, str] = {}

    def add(self, name: str, new: Sample) -> str:
        """The name that stands for the cluster that it belongs to now."""
        self._above[name] = name
        placed = place(name, new, self.state, self.of)
        self.state.update(placed.changed)
        for root in {self.of(other) for other in placed.alike}:
            self._above[root] = name
        return name

    def of(self, name: str) -> str:
        """The name that stands for the cluster of `name`, until another is added to it."""
        root = name
        while self._above[root] != root:
            root = self._above[root]
        while self._above[name] != root:
            self._above[name], name = root, self._above[name]
        return root

    def groups(self) -> list[list[str]]:
        """All clusters, each with its names in the order in which they came."""
        found: dict[str, list[str]] = {}
        for name in self._above:
            found.setdefault(self.of(name), []).append(name)
        return list(found.values())


def _same_caption(one: Wording, other: Wording) -> bool:
    if one.bands or other.bands:
        return alike(one, other)
    return (one.stance, one.orders) == (other.stance, other.orders)


def _same_media(some: Sequence[Medium], others: Sequence[Medium]) -> bool:
    if not all(medium.is_known for medium in (*some, *others)):
        return False
    return all(any(_same_medium(one, other) for other in others) for one in some) and all(
        any(_same_medium(one, other) for one in some) for other in others
    )


def _same_medium(one: Medium, other: Medium) -> bool:
    if not set(one.exact).isdisjoint(other.exact):
        return True
    if not one.pdq or not other.pdq:
        return False
    limit = 0 if one.flat or other.flat else NEAR_BITS
    return (int(one.pdq, 16) ^ int(other.pdq, 16)).bit_count() <= limit


def _media_bands(medium: Medium) -> Iterator[int]:
    """Hashes at most `NEAR_BITS` apart share one of 16 stretches of 16 bits (the pigeonhole principle)."""
    digits = _BAND_BITS // 4
    for number, start in enumerate(range(0, len(medium.pdq), digits)):
        yield (_MEDIA + number) << 32 | int(medium.pdq[start : start + digits], 16)
    for value in medium.exact:
        yield (_LINKS - 1) << 32 | crc32(value.encode())
