"""The client: updates of one privacy group page by page, all of it anew when its tombstones may be gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, Literal
from urllib.parse import urlencode

from msgspec import Struct

from evenhand.connectors.threatexchange.updates import FIELDS, change
from evenhand.engine.media.listing import Listed, ListFailed, Page, Setting, Withdrawn
from evenhand.engine.media.records import shown
from evenhand.runtime.listapi import ListApi, secret, setting

PAGE_SIZE: Final = 500
STALE_DAYS: Final = 85
"""Tombstones are kept for 90 days: who was away for longer than this reads the whole group."""
_DAY = 86_400
_REACTIONS = ("HELPFUL", "NOT_HELPFUL", "SAW_THIS_TOO", "DISAGREE_WITH_TAGS")


class _Cursor(Struct, frozen=True):
    """`since`: the latest update that was read; `fetched`: when, by our clock; seconds."""

    since: int = 0
    fetched: int = 0


class ThreatExchange:
    """One privacy group (port: desk.media.services.HashList)."""

    def __init__(self, api: ListApi, group: str, *, clock: Callable[[], float] = time.time) -> None:
        self._api, self._group, self._clock = api, group, clock

    def pull(self, cursor: str) -> Iterator[Page]:
        """Where something could not be read a whole range is not told as whole, that would seem withdrawn: then it is
        read again in a day."""
        now = int(self._clock())
        last = _parsed(cursor)
        away = now - last.fetched
        whole = away > STALE_DAYS * _DAY or away < -_DAY
        start = 0 if whole else last.since
        latest, after, seen, sound = start, "", set[str](), True
        while True:
            answer = self._api.json(f"/{self._group}/threat_updates", self._query(start, after))
            changes, refused = _read(answer)
            sound = sound and not refused
            times = [one.at // 1_000_000 for one in changes if one.at is not None]
            latest = max([latest, *(at for at in times if at <= now)])
            after = _after(answer)
            fetched = now if sound or not whole else now - (STALE_DAYS - 1) * _DAY
            yield Page(
                changes=changes,
                refused=refused,
                cursor=f"{latest},{fetched}",
                complete=not after,
                whole=whole and sound and not after,
            )
            if not after:
                return
            if after in seen:
                raise ListFailed("ThreatExchange leads in a circle: a next page that was read already.")
            seen.add(after)

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:
        """A reaction to each descriptor of the indicator that does not have it from us. `reason` may name it."""
        named = reason.strip().upper()
        reaction = named if named in _REACTIONS else ("HELPFUL" if opinion == "up" else "NOT_HELPFUL")
        answer = self._api.json(f"/{entry.key}/descriptors", {"fields": "id,my_reactions"})
        described = answer.get("data")
        for one in described if isinstance(described, list) else []:
            if isinstance(one, dict) and one.get("id") and not _has(one, reaction):
                body = urlencode({"reactions": reaction}).encode()
                self._api.call("POST", f"/{one['id']}", body=body, kind="application/x-www-form-urlencoded")

    def _query(self, start: int, after: str) -> dict[str, Any]:
        query: dict[str, Any] = {"fields": FIELDS, "limit": PAGE_SIZE, "start_time": max(0, start - 1)}
        return query | ({"after": after} if after else {})


def _read(answer: dict[str, Any]) -> tuple[tuple[Listed | Withdrawn, ...], tuple[str, ...]]:
    updates = answer.get("data")
    if not isinstance(updates, list):
        raise ListFailed(f"ThreatExchange answered without data: {shown(updates)}.")
    changes, refused = [], []
    for number, update in enumerate(updates, 1):
        try:
            found = change(update)
        except ValueError as why:
            refused.append(f"update {number} of its page: {why}")
            continue
        if found is not None:
            changes.append(found)
    return tuple(changes), tuple(refused)


def _has(descriptor: Mapping[str, Any], reaction: str) -> bool:
    ours = descriptor.get("my_reactions")
    return isinstance(ours, list) and reaction in ours


def _after(answer: dict[str, Any]) -> str:
    """`paging.next` is not followed, it carries the token; its cursor says the same."""
    paging = answer.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        raise ListFailed("ThreatExchange has a next page, and gives no cursor to it.")
    return after


def _parsed(cursor: str) -> _Cursor:
    since, _, fetched = cursor.partition(",")
    if not cursor:
        return _Cursor()
    if not (cursor.isascii() and since.isdecimal() and fetched.isdecimal()):
        raise ListFailed(f"The cursor “{cursor[:60]}” is not one of ThreatExchange.")
    return _Cursor(int(since), int(fetched))


ADDRESS: Final = "https://graph.facebook.com/v21.0"
SETTINGS: Final = (
    Setting(name="url", default=ADDRESS),
    Setting(name="group", needed=True),
    Setting(name="token", needed=True, secret=True),
)


def from_config(config: Mapping[str, Any], *, allow_private: Collection[str] = ()) -> ThreatExchange:
    """`group` (id of the privacy group), where the token is, perhaps `url`. Raises ListFailed."""
    group = setting(config, "group")
    if not (group.isascii() and group.isdecimal()):
        raise ListFailed(f"The configuration's group is the number of a privacy group, not “{group[:60]}”.")
    headers = {"authorization": f"Bearer {secret(config, 'token')}", "accept": "application/json"}
    url = setting(config, "url", ADDRESS)
    return ThreatExchange(ListApi("ThreatExchange", url, headers=headers, allow_private=allow_private), group)
