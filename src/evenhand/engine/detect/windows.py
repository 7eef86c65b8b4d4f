"""What detectors share: versions, digests for state keys, and members of a sliding window on event time."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any
from unicodedata import unidata_version

from evenhand.engine.model import Item, Micros, Ref

SECOND: Micros = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Members = dict[str, list[Any]]
"""What is in a window, by what tells one from another: [time, …], the oldest first. As msgpack gives it back."""


def version(revision: int, *configured: object) -> str:
    """The detector's revision, and a digest of what it was configured with and of the Unicode tables that it reads."""
    return f"{revision}-{digest(unidata_version, *map(repr, configured))}"


@lru_cache(maxsize=4096)
def digest(*parts: str) -> str:
    """16 hex digits; two different lists of parts practically never share them."""
    sized = "".join([f"{len(part)}:{part}" for part in parts])
    return blake2b(sized.encode(errors="replace"), digest_size=8).hexdigest()


def author(item: Item) -> str:
    """Who stands behind the item, as a digest; a user is its own author. Items without a creator share one."""
    owner = item.ref if item.kind == "user" else item.creator or Ref("", "")
    return digest(owner.type, owner.id)


def join(members: Members, key: str, value: list[Any], *, window: Micros, most: int) -> Members:
    """The window with `value` under `key`, instead of what was there: what is less than `window` older than the
    youngest, at most `most`. The order in which members came makes no difference."""
    joined = {name: old for name, old in members.items() if name != key} if key in members else dict(members)
    last = next(reversed(joined), None)
    joined[key] = value
    if last is not None and (value[0], key) < (joined[last][0], last):
        joined = dict(sorted(joined.items(), key=_by_time))
    horizon = newest(joined) - window
    while len(joined) > most or joined[next(iter(joined))][0] <= horizon:
        del joined[next(iter(joined))]
    return joined


def newest(members: Members) -> Micros:
    """The time of the youngest of `members`, which are not empty."""
    return int(members[next(reversed(members))][0])


def _by_time(entry: tuple[str, list[Any]]) -> tuple[Micros, str]:
    return entry[1][0], entry[0]
