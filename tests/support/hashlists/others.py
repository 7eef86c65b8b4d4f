"""StopNCII, ThreatExchange and Tech Against Terrorism, as far as their shapes are known."""

import json
from typing import Any
from urllib.parse import parse_qs

from tests.support.hashlists.server import Asked, ListServer, Said, as_json


class StopNciiServer(ListServer):
    """`records`: with lastModtimestamp in seconds. `expired`: tokens that are not taken any more, once each."""

    def __init__(self, records: list[Any], *, size: int = 2) -> None:
        super().__init__()
        self.records, self.size = records, size
        self.expired: set[str] = set()
        self.broken_page = -1
        self.no_token = False
        self.feedbacks: list[Any] = []

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("ocp-apim-subscription-key") != "sub":
            return Said(401)
        if asked.path == "/v1/SubmitFeedback" and asked.headers["x-functions-key"] == "feed":
            self.feedbacks.append(json.loads(asked.body))
            return Said(200)
        if asked.path != "/v1/FetchHashes" or asked.headers["x-functions-key"] != "fetch":
            return Said(403)
        token = asked.query.get("nextPageToken", "0")
        if token in self.expired:
            self.expired.discard(token)
            return Said(400)
        start = int(token)
        since = int(asked.query["startTimestamp"])
        found = [one for one in self.records if not isinstance(one, dict) or one["lastModtimestamp"] >= since]
        page = found[start : start + self.size]
        more = start + self.size < len(found)
        return as_json(
            {
                "count": 12345,
                "nextSetTimestamp": max(
                    (one["lastModtimestamp"] for one in found if isinstance(one, dict)), default=since
                ),
                "nextPageToken": str(start + self.size) if more and not self.no_token else None,
                "hasMoreRecords": more,
                "hashRecords": "out of order" if start == self.broken_page else page,
            }
        )


class ThreatExchangeServer(ListServer):
    """`updates` in any order; `descriptors`: id → reactions that are ours."""

    def __init__(self, updates: list[Any], *, size: int = 2) -> None:
        super().__init__()
        self.updates, self.size = updates, size
        self.descriptors: dict[str, list[str]] = {}
        self.circle = False

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != "Bearer tell-nobody":
            return Said(401)
        if asked.method == "POST":
            self.descriptors[asked.path.strip("/")] += parse_qs(asked.body.decode())["reactions"]
            return as_json({"success": True})
        if asked.path.endswith("/descriptors"):
            return as_json({"data": [{"id": id_, "my_reactions": own} for id_, own in self.descriptors.items()]})
        since, start = int(asked.query["start_time"]), int(asked.query.get("after", "0"))
        found = [one for one in self.updates if not isinstance(one, dict) or one["last_updated"] >= since]
        after = 0 if self.circle else start + self.size
        paging = {"cursors": {"after": str(after)}, "next": "http://elsewhere.example/?access_token=x"}
        more = start + self.size < len(found)
        return as_json({"data": found[start : start + self.size], **({"paging": paging} if more else {})})


class TatServer(ListServer):
    """`results` in the order of their changes. A token is taken `token_life` times."""

    def __init__(self, results: list[Any], *, size: int = 2) -> None:
        super().__init__()
        self.results, self.size, self.token_life = results, size, 1_000
        self.stuck = False
        self._left = 0

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/token-auth/tcap/":
            given = json.loads(asked.body)
            if given != {"username": "example", "password": "open sesame"}:
                return Said(401)
            self._left = self.token_life
            return as_json({"token": "a-token"})
        self._left -= 1
        if asked.headers.get("authorization") != "Bearer a-token" or self._left < 0:
            return Said(401)
        start = int(asked.query["after"].split(",")[1]) if "after" in asked.query else 0
        page = self.results[start : start + self.size]
        more = start + self.size < len(self.results)
        here = 0 if self.stuck else start + len(page)
        return as_json(
            {
                "count": 7,
                "next": "/next" if more else None,
                "previous": None,
                "checkpoint": f"t,{here}",
                "results": page,
            }
        )
