"""The detector of near-duplicate text: how many copies, by how many authors, in a sliding window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from evenhand.engine.detect.lists import judged
from evenhand.engine.detect.meaning import NOTE, Meaning, step
from evenhand.engine.detect.registry import Finding, Keep
from evenhand.engine.detect.windows import HOUR, Members, author, join, newest, version
from evenhand.engine.model import Event, Item, Micros, Signal
from evenhand.engine.text.near import SIMILAR, Near, near, similarity

REVISION = 1
MOST_MEMBERS = 100
"""Copies kept in a group, the newest; when they are as many, the signal says "at least"."""
MOST_GROUPS = 8
"""Different texts kept under a band, the newest."""
MOST_IDS = 5
_PARTED = "\x1f"
"""No id of an item type holds it: platform documents are printable."""
_NOTHING = Finding()

Group = list[Any]
"""[sketch of its first text, members: {item: [time, author]}]."""


class Duplicate:
    """State: `near1:<band>:<hash>`, groups of similar texts. A text is compared with the first of each group.

    Tells from `authors` different authors on, or from `copies` copies by whomever. The first copies of a wave were
    judged before there was one: they carry no signal until something happens to them again.
    """

    name = "duplicate"

    def __init__(
        self, meaning: Meaning = NOTE, *, window: Micros = 24 * HOUR, authors: int = 3, copies: int = 10
    ) -> None:
        self._meaning, self._window, self._authors, self._copies = meaning, window, authors, copies
        self.version = version(REVISION, meaning, window, authors, copies)

    def keys(self, event: Event) -> Sequence[str]:
        item = judged(event)
        found = near(item.text) if item else None
        return _keys(found) if found else ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        item = judged(event)
        found = near(item.text) if item else None
        if item is None or found is None:
            return _NOTHING
        name, copy = _name(item), [event.at, author(item)]
        alone = Keep([[found.sketch, {name: copy}]], event.at + self._window)
        changed: dict[str, Keep] = {}
        copies: Members = {name: copy}
        for key in _keys(found):
            if groups := state.get(key):
                changed[key], members = self._join(groups, found, name, copy)
                copies = members if len(copies) == 1 else copies | members
            else:
                changed[key] = alone
        signal = self._signal(event, name, copies) if len(copies) > 1 else None
        return Finding((signal,) if signal else (), changed)

    def _join(self, groups: Sequence[Group], found: Near, name: str, copy: list[Any]) -> tuple[Keep, Members]:
        """The groups with the text in the one that it belongs to, without what is too old; and that one's members."""
        ages = [newest(group[1]) for group in groups]
        horizon = max(copy[0], *ages) - self._window
        alive = [(age, group) for age, group in zip(ages, groups, strict=True) if age > horizon]
        mine = next((at for at, (_, group) in enumerate(alive) if similarity(group[0], found.sketch) >= SIMILAR), None)
        if mine is None:
            members = {name: copy}
            alive.append((copy[0], [found.sketch, members]))
        else:
            sketch, before = alive[mine][1]
            later = max(copy, before.get(name, copy))
            members = join(before, name, later, window=self._window, most=MOST_MEMBERS)
            alive[mine] = newest(members), [sketch, members]
        if len(alive) > 1:
            alive = sorted(alive, key=itemgetter(0))[-MOST_GROUPS:]
        return Keep([group for _, group in alive], alive[-1][0] + self._window), members

    def _signal(self, event: Event, name: str, copies: Members) -> Signal | None:
        authors = {copy[1] for copy in copies.values()}
        late = name not in copies
        if late or (len(authors) < self._authors and len(copies) < self._copies):
            return None
        hours = self._window / HOUR
        often, many = step(len(copies)), step(len(authors))
        return self._meaning.signal(
            event,
            self,
            summary=f"Nearly the same text {often} times by {many} authors within {hours:g} h",
            evidence={
                "copies": len(copies),
                "authors": len(authors),
                "at_least": len(copies) >= MOST_MEMBERS,
                "window_hours": hours,
                "first_at": min(copy[0] for copy in copies.values()),
                "others": [_ref(other) for other in islice((other for other in copies if other != name), MOST_IDS)],
            },
        )


def _keys(found: Near) -> list[str]:
    return [f"near1:{band}:{value:08x}" for band, value in enumerate(found.bands)]


def _name(item: Item) -> str:
    return f"{item.ref.type}{_PARTED}{item.ref.id}"


def _ref(name: str) -> dict[str, str]:
    type_, _, id_ = name.partition(_PARTED)
    return {"type": type_, "id": id_}
