"""The client: pages by tokens that live for minutes, a timestamp as the cursor that lives for ever, and feedback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from evenhand.connectors.stopncii.records import change
from evenhand.engine.media.listing import Listed, ListFailed, Page, Setting, Withdrawn
from evenhand.engine.media.records import shown
from evenhand.runtime.listapi import ListApi, Refused, secret, setting

PAGE_SIZE: Final = 800
OVERLAP: Final = 600
"""Seconds that a range begins before the end of the last one: their clocks differ, and repeats change nothing."""
RESTARTS: Final = 3
_EXPIRED = (400, 404, 410)


class StopNcii:
    """StopNCII's hash list (port: desk.media.services.HashList). The cursor is `nextSetTimestamp`, in seconds.

    A page whose records cannot be read does not keep back those behind it; the cursor stays, the next call tries again.
    """

    def __init__(self, fetching: ListApi, feeding: Callable[[], ListApi]) -> None:
        self._api, self._feeding = fetching, feeding

    def pull(self, cursor: str) -> Iterator[Page]:
        if cursor and not (cursor.isascii() and cursor.isdecimal()):
            raise ListFailed(f"The cursor “{cursor[:60]}” is not one of StopNCII.")
        start = int(cursor or 0)
        end, token, tokens, restarts, sound = start, "", set[str](), 0, True
        while True:
            try:
                answer = self._answer(max(0, start - OVERLAP), token)
            except Refused as refused:
                if not token or refused.status not in _EXPIRED or restarts == RESTARTS:
                    raise
                token, tokens, restarts = "", set[str](), restarts + 1
                continue
            changes, refused_records = _read(answer)
            sound = sound and isinstance(answer.get("hashRecords"), list)
            end = max(end, _timestamp(answer))
            more = answer.get("hasMoreRecords") is True
            kept = str(end) if sound else cursor
            yield Page(changes=changes, refused=refused_records, cursor=kept, complete=not more)
            if not more:
                return
            token = str(answer.get("nextPageToken") or "")
            if not token or token in tokens:
                raise ListFailed("StopNCII says that there are more records, and not where: no new nextPageToken.")
            tokens.add(token)

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:
        values = [value for kind, value in entry.hashes.items() if kind in ("pdq", "video_md5", "tmk")]
        if not values:
            raise ListFailed(f"Entry {entry.key} has no hash on which StopNCII takes feedback.", final=True)
        given = {"feedbackValue": "Blocked" if opinion == "up" else "NotBlocked", "tags": [reason] if reason else []}
        body = {"count": len(values), "hashFeedbacks": [{"hashValue": value.hex(), **given} for value in values]}
        self._feeding().call("POST", "/SubmitFeedback", body=msgspec.json.encode(body), kind="application/json")

    def _answer(self, start: int, token: str) -> dict[str, Any]:
        query = {"startTimestamp": start, "pageSize": PAGE_SIZE} | ({"nextPageToken": token} if token else {})
        return self._api.json("/FetchHashes", query)


def _read(answer: dict[str, Any]) -> tuple[tuple[Listed | Withdrawn, ...], tuple[str, ...]]:
    records = answer.get("hashRecords")
    if not isinstance(records, list):
        return (), (f"a whole page has no list of hashRecords, but {shown(records)}.",)
    changes, refused = [], []
    for number, record in enumerate(records, 1):
        try:
            found = change(record)
        except ValueError as why:
            refused.append(f"record {number} of its page: {why}")
            continue
        if found is not None:
            changes.append(found)
    return tuple(changes), tuple(refused)


def _timestamp(answer: dict[str, Any]) -> int:
    given = answer.get("nextSetTimestamp")
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise ListFailed(f"StopNCII gives no nextSetTimestamp to continue at: {shown(given)}.")
    return given


ADDRESS: Final = "https://api.stopncii.org/v1"
SETTINGS: Final = (
    Setting(name="url", default=ADDRESS),
    Setting(name="subscription_key", needed=True, secret=True),
    Setting(name="fetch_functions_key", needed=True, secret=True),
    Setting(name="feedback_functions_key", secret=True),
)


def from_config(config: Mapping[str, Any], *, allow_private: Collection[str] = ()) -> StopNcii:
    """Where subscription_key, fetch_functions_key and, for feedback, feedback_functions_key are; perhaps `url`.
    Raises ListFailed."""
    url, subscription = setting(config, "url", ADDRESS), secret(config, "subscription_key")

    def api(functions_key: str) -> ListApi:
        key = secret(config, functions_key)
        headers = {"x-functions-key": key, "ocp-apim-subscription-key": subscription, "accept": "application/json"}
        return ListApi("StopNCII", url, headers=headers, allow_private=allow_private)

    return StopNcii(api("fetch_functions_key"), lambda: api("feedback_functions_key"))
