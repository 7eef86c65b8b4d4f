"""The client: a token for a name and a password, then the list in the order of its changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from evenhand.connectors.tech_against_terrorism.records import change
from evenhand.engine.media.listing import Listed, ListFailed, Page, Setting, Withdrawn
from evenhand.engine.media.records import shown
from evenhand.runtime.listapi import ListApi, Refused, secret, setting

_NOT_KNOWN = 401


class TechAgainstTerrorism:
    """Its hash list (port: desk.media.services.HashList). The cursor is its `checkpoint`: a moment and an id."""

    def __init__(self, api: ListApi, *, user: str, password: str) -> None:
        self._api, self._user, self._password = api, user, password

    def pull(self, cursor: str) -> Iterator[Page]:
        after, seen = cursor, {cursor}
        self._sign_in()
        while True:
            answer = self._page(after)
            changes, refused = _read(answer)
            after = _checkpoint(answer, after)
            more = bool(answer.get("next"))
            yield Page(changes=changes, refused=refused, cursor=after, complete=not more, total=_total(answer))
            if not more:
                return
            if after in seen:
                raise ListFailed(f"{self._api.name} has a next page, and its checkpoint does not move.")
            seen.add(after)

    def feedback(self, entry: Listed, opinion: Literal["up", "down"], reason: str) -> None:  # noqa: ARG002 (the port's words)
        raise ListFailed(f"{self._api.name} takes no feedback through its API: write to them.", final=True)

    def _page(self, after: str) -> dict[str, Any]:
        """The token may end within a range: a new one, once for each page."""
        query = {"order": "asc"} | ({"after": after} if after else {})
        try:
            return self._api.json("/api/hash-list/v2/all", query)
        except Refused as refused:
            if refused.status != _NOT_KNOWN:
                raise
        self._sign_in()
        return self._api.json("/api/hash-list/v2/all", query)

    def _sign_in(self) -> None:
        self._api.headers.pop("authorization", None)
        body = msgspec.json.encode({"username": self._user, "password": self._password})
        answer = self._api.call("POST", "/token-auth/tcap/", body=body, kind="application/json")
        token = self._api.decoded(answer.body).get("token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ListFailed(f"{self._api.name} gave no token for our name and password.")
        self._api.headers["authorization"] = f"Bearer {token}"


def _read(answer: dict[str, Any]) -> tuple[tuple[Listed | Withdrawn, ...], tuple[str, ...]]:
    results = answer.get("results")
    if not isinstance(results, list):
        raise ListFailed(f"Tech Against Terrorism answered without results: {shown(results)}.")
    changes, refused = [], []
    for number, record in enumerate(results, 1):
        try:
            changes.append(change(record))
        except ValueError as why:
            refused.append(f"result {number} of its page: {why}")
    return tuple(changes), tuple(refused)


def _checkpoint(answer: dict[str, Any], before: str) -> str:
    """An empty page may have none: then it is where it was."""
    given = answer.get("checkpoint")
    if given is None and not answer["results"]:
        return before
    if not isinstance(given, str) or not given or not given.isprintable():
        raise ListFailed(f"Tech Against Terrorism gives no checkpoint to continue at: {shown(given)}.")
    return given


def _total(answer: dict[str, Any]) -> int | None:
    count = answer.get("count")
    return count if isinstance(count, int) and count > 0 else None


ADDRESS: Final = "https://app.terrorismanalytics.org"
SETTINGS: Final = (
    Setting(name="url", default=ADDRESS),
    Setting(name="user", needed=True),
    Setting(name="password", needed=True, secret=True),
)


def from_config(config: Mapping[str, Any], *, allow_private: Collection[str] = ()) -> TechAgainstTerrorism:
    """`user`, where the password is, perhaps `url`. Raises ListFailed."""
    url, user = setting(config, "url", ADDRESS), setting(config, "user")
    api = ListApi("Tech Against Terrorism", url, headers={"accept": "application/json"}, allow_private=allow_private)
    return TechAgainstTerrorism(api, user=user, password=secret(config, "password"))
