"""What stories are told with: a clock, chance from a seed, and calls as a platform would make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from itertools import count
from random import Random
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from evenhand.connectors.demo import script
from evenhand.connectors.demo.town import Person, residents

Json = dict[str, Any]
Route = Literal["items", "report", "appeal"]
HOUR = 3600.0
_NAMESPACE_BITS = 128


class Day(Struct, frozen=True):
    """One day of the story. Its time is seconds since `start`; at speed 20 an hour of it takes three minutes."""

    start: datetime
    seed: int = 1
    number: int = 0
    speed: float = 1.0
    pictures: str = "http://127.0.0.1:8099/pictures"
    """Where the platform serves its pictures."""

    def moment(self, at: float) -> datetime:
        return self.start + timedelta(seconds=at / self.speed)

    def iso(self, at: float) -> str:
        return iso(self.moment(at))


class Call(Struct, frozen=True, kw_only=True):
    """One call to the desk's API (Coop's shapes), at its moment of the story. For `items`, `body` is one item."""

    at: float
    route: Route
    story: str
    body: Json
    author: str
    """Handle of who wrote the item."""


class Scene:
    """One story on one day: its own chance and its own ids, so that no story changes another's."""

    def __init__(self, name: str, day: Day) -> None:
        self.name = name
        self.day = day
        self.chance = Random(f"{day.seed} {day.number} {name}")
        self._numbers = count(1)
        self._slots = script.load().everyday.slots

    def words(self, template: str, **given: str) -> str:
        """The template with each {word} filled in by chance, save those that are given."""
        return template.format_map({name: self.chance.choice(choices) for name, choices in self._slots.items()} | given)

    def neighbour(self, *others: Person) -> Person:
        """Somebody from the town who is none of the others."""
        while (person := self.chance.choice(residents())) in others:
            continue
        return person

    def post(self, at: float, author: Person, text: str, **more: Any) -> Json:
        data = {"text": text, "author": user(author), "posted_at": self.day.iso(at), "views": 0} | more
        return self._item("post", data)

    def comment(self, at: float, author: Person, text: str, below: Json | None = None, **more: Any) -> Json:
        data = {"text": text, "author": user(author), "posted_at": self.day.iso(at), "views": 0} | more
        return self._item("comment", data if below is None else data | {"answers": key(below)})

    def message(self, at: float, author: Person, text: str, to: Person) -> Json:
        data = {"text": text, "author": user(author), "sent_at": self.day.iso(at), "to": user(to)}
        return self._item("message", data)

    def profile(self, person: Person) -> Json:
        joined = self.day.start - timedelta(days=person.joined_days_ago)
        data = {"display_name": person.name, "handle": person.handle, "about": person.about}
        return {"id": person.handle, "typeId": "profile", "data": data | {"joined_at": joined.isoformat()}}

    def sent(self, at: float, item: Json) -> Call:
        author = item["data"].get("author", {}).get("id", "")
        return Call(at=at, route="items", story=self.name, body=item, author=author)

    def reported(
        self, at: float, item: Json, by: Person | None, policy: str | None, reason: str, *, csam: bool = False
    ) -> Call:
        """A report by a person; by the platform's own matcher when there is nobody."""
        reporter = (
            {"kind": "user", "typeId": "profile", "id": by.handle} if by else {"kind": "rule", "id": "hash-match"}
        )
        why: Json = {"policyId": policy, "reason": reason or None} | ({"csam": True} if csam else {})
        body = {"reporter": reporter, "reportedAt": self.day.iso(at), "reportedForReason": why, "reportedItem": item}
        return Call(at=at, route="report", story=self.name, body=body, author=item["data"]["author"]["id"])

    def appealed(
        self, at: float | datetime, item: Json, *, actions: Sequence[str], policy: str | None, reason: str
    ) -> Call:
        """An appeal, at a second of the story or at a moment of the real day."""
        author = item["data"]["author"]
        moment = at if isinstance(at, datetime) else self.day.moment(at)
        body = {
            "appealId": str(UUID(int=self.chance.getrandbits(_NAMESPACE_BITS), version=4)),
            "appealedBy": author,
            "appealedAt": iso(moment),
            "actionedItem": item,
            "actionsTaken": list(actions),
            "appealReason": reason,
            "violatingPolicies": [{"id": policy}] if policy else [],
        }
        since = (moment - self.day.start).total_seconds() * self.day.speed
        return Call(at=since, route="appeal", story=self.name, body=body, author=author["id"])

    def picture(self, name: str) -> str:
        return f"{self.day.pictures}/{name}.png"

    def _item(self, type_id: str, data: Json) -> Json:
        """An id that gives away no story, and is the same whenever the day is told again."""
        number = f"{self.day.seed} {self.day.number} {self.name} {next(self._numbers)}"
        return {
            "id": f"{type_id}-{blake2s(number.encode(), digest_size=6).hexdigest()}",
            "typeId": type_id,
            "data": data,
        }


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seen(item: Json, views: int) -> Json:
    """The same item after more people have seen it."""
    return item | {"data": item["data"] | {"views": views}}


def user(person: Person) -> Json:
    return {"id": person.handle, "typeId": "profile"}


def key(item: Mapping[str, Any]) -> Json:
    return {"id": item["id"], "typeId": item["typeId"]}
