"""The client: windows of time, each read to its end; and opinions, put on each fingerprint of an entry."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import quote
from xml.sax.saxutils import escape

from evenhand.connectors.ncmec_hashes.entries import TYPES, Entries, fingerprint_types, read
from evenhand.connectors.ncmec_hashes.xml import parse
from evenhand.engine.media.listing import Listed, ListFailed, Page, Setting
from evenhand.engine.media.records import moment
from evenhand.runtime.listapi import ListApi, Refused, secret, server_time, setting

NAMESPACE: Final = "https://hashsharing.ncmec.org/hashsharing/v2"
BEGINNING: Final = 1_262_304_000
"""2010-01-01: before the first entry."""
MARGIN: Final = 60
"""Seconds by their clock that a window ends before now: an entry that is being written is not overtaken."""
_EXPIRED = (400, 404, 410)


class _LinkExpired(Exception):
    """A link to a next page does not lead there any more."""


class NcmecHashes:
    """One environment of NCMEC's hash sharing (port: desk.media.services.HashList).

    The cursor is the end of the last window, in whole seconds: windows are (from, to], and their entries come in no
    order, so that it moves only when a window has been read to its end.
    """

    def __init__(self, api: ListApi, *, reason: str = "", clock: Callable[[], float] = time.time) -> None:
        """`reason`: that against a fingerprint where the one that a person gave is not one of NCMEC's."""
        self._api, self._reason, self._clock = api, reason, clock
        self._came: set[str] = set()

    def pull(self, cursor: str) -> Iterator[Page]:
        begin = self._begin(cursor)
        status = self._api.get("/v2/status")
        theirs = server_time(status)
        end = int(theirs if theirs is not None else self._clock()) - MARGIN
        if end <= begin:
            yield Page(changes=(), cursor=cursor, complete=True)
            return
        self._came = set()
        yield from self._window(begin, end)
        yield Page(changes=(), cursor=_written(end), complete=True, reasons=self._reasons_for(self._came))

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:
        member, _, entry_id = entry.key.partition("-")
        types = fingerprint_types(entry)
        if not entry_id or not types:
            raise ListFailed(
                f"Entry {entry.key} has no fingerprint on which {self._api.name} takes opinions.", final=True
            )
        bodies = {one: self._submission(one, opinion, reason) for one in types}
        for one, body in bodies.items():
            path = f"/v2/entries/{quote(member, safe='')}/{quote(entry_id, safe='')}/{one}/feedback"
            self._api.call("PUT", path, body=body, kind="application/xml")

    def reasons(self, fingerprint_type: str) -> dict[str, str]:
        """Names of the reasons against a fingerprint of this type → their guids."""
        tree = parse(self._api.get(f"/v2/feedback/{fingerprint_type}/reasons").body, self._api.name)
        return {one.get("name", ""): one.get("guid", "") for one in tree.iter("reason") if one.get("guid")}

    def _reasons_for(self, kinds: set[str]) -> dict[str, tuple[str, ...]]:
        """By kind of hash. A list is taken in though this is not answered."""
        found: dict[str, tuple[str, ...]] = {}
        for kind in sorted(kinds & TYPES.keys()):
            with suppress(ListFailed):
                found[kind] = tuple(self.reasons(TYPES[kind]))
        return {kind: names for kind, names in found.items() if names}

    def _window(self, begin: int, end: int) -> Iterator[Page]:
        """Halved when its links expire before it is read: what came already comes once more."""
        try:
            yield from self._pages(begin, end)
        except _LinkExpired:
            if end - begin <= 1:
                raise ListFailed(f"{self._api.name}: links expire before a single second is read.") from None
            middle = (begin + end) // 2
            yield from self._window(begin, middle)
            yield from self._window(middle, end)

    def _pages(self, begin: int, end: int) -> Iterator[Page]:
        entries = self._entries("/v2/entries", {"from": _written(begin), "to": _written(end)})
        seen: set[str] = set()
        while True:
            self._came.update(kind for one in entries.changes if isinstance(one, Listed) for kind in one.hashes)
            yield Page(changes=entries.changes, refused=entries.refused)
            if not entries.next:
                return
            link = self._api.beside(entries.next)
            if link in seen:
                raise ListFailed(f"{self._api.name} leads in a circle: a next page that was read already.")
            seen.add(link)
            try:
                entries = self._entries(link)
            except Refused as refused:
                if refused.status in _EXPIRED:
                    raise _LinkExpired from refused
                raise

    def _entries(self, path: str, query: Mapping[str, str] | None = None) -> Entries:
        """A half page is asked for once more."""
        for last in (False, True):
            answer = self._api.get(path, query)
            try:
                tree = parse(answer.body, self._api.name)
            except ListFailed:
                if last:
                    raise
                continue
            if tree.tag != "queryResult":
                raise ListFailed(f"{self._api.name} answered with <{tree.tag[:60]}>, not with <queryResult>.")
            return read(tree)
        raise AssertionError

    def _begin(self, cursor: str) -> int:
        try:
            at = moment(cursor)
        except ValueError:
            raise ListFailed(f"The cursor “{cursor[:60]}” is not one of {self._api.name}.") from None
        return BEGINNING if at is None else at // 1_000_000

    def _submission(self, fingerprint_type: str, opinion: str, reason: str) -> bytes:
        inner = "<affirmative/>"
        if opinion == "down":
            known = self.reasons(fingerprint_type)
            wanted = [one.strip().lower() for one in (reason, self._reason)]
            guids = {name.lower(): guid for name, guid in known.items()} | {
                guid.lower(): guid for guid in known.values()
            }
            guid = next((guids[one] for one in wanted if one in guids), None)
            if not guid:
                takes = ", ".join(known)
                given = f"no “{reason[:60]}”" if reason else "nothing without a reason"
                told = f"{self._api.name} takes {given} against {fingerprint_type}. It takes: {takes}."
                raise ListFailed(told, final=True)
            inner = f"<negative><reasonIds><guid>{escape(guid)}</guid></reasonIds></negative>"
        return f'<feedbackSubmission xmlns="{NAMESPACE}">{inner}</feedbackSubmission>'.encode()


ADDRESS: Final = "https://report.cybertip.org/hashsharing"
SETTINGS: Final = (
    Setting(name="url", default=ADDRESS),
    Setting(name="user", needed=True),
    Setting(name="password", needed=True, secret=True),
    Setting(name="reason"),
)


def from_config(config: Mapping[str, Any], *, allow_private: Collection[str] = ()) -> NcmecHashes:
    """`url` (of the environment), `user`, where the password is, perhaps `reason`. Raises ListFailed."""
    url, user = setting(config, "url", ADDRESS), setting(config, "user")
    token = b64encode(f"{user}:{secret(config, 'password')}".encode()).decode()
    headers = {"authorization": f"Basic {token}", "accept": "application/xml"}
    api = ListApi("NCMEC hash sharing", url, headers=headers, allow_private=allow_private)
    return NcmecHashes(api, reason=str(config.get("reason", "")))


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
