"""Which part of the queue somebody works through: a queue, a filter, or a view that was saved and perhaps shared."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q
from msgspec import Struct

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import SavedView
from evenhand.engine.triage.lane import NAMES

__all__ = ["SavedView"]

FILTERED, SAVED = "f:", "v:"
LONGEST = 2_000
LANES: dict[str, int] = {name: lane for lane, name in NAMES.items()}
_SHOWN_AS = {"review": ("review", "second"), "appeal": ("appeal",)}
"""A second look is not told from a first one, nor found by its name."""
FIELDS = ("queue", "policy", "lane", "item_type", "kind", "author")


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a case must be; "" where it does not matter."""

    queue: str = ""
    policy: str = ""
    lane: str = ""
    """critical, unconfirmed or normal."""
    item_type: str = ""
    kind: str = ""
    """review or appeal."""
    author: str = ""
    """Id of who made the item."""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Part:
        """The fields that it names, cut to what a field may hold; others are passed over."""
        return cls(**{name: said[name][:512].replace("\0", "\ufffd") for name in FIELDS if said.get(name)})

    @property
    def fields(self) -> dict[str, str]:
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    @property
    def text(self) -> str:
        """As addresses carry it along: a queue alone is its id."""
        fields = self.fields
        return self.queue if fields.keys() <= {"queue"} else f"{FILTERED}{urlencode(fields)}"

    def condition(self) -> Q:
        """On cases; of the queue, the sight of who asks decides."""
        named = {"policy": self.policy, "item_type": self.item_type, "author_id": self.author}
        condition = Q(**{name: value for name, value in named.items() if value})
        if self.kind:
            condition &= Q(kind__in=_SHOWN_AS.get(self.kind, ()))
        return condition & Q(lane=LANES.get(self.lane, -1)) if self.lane else condition


NOTHING = Part(queue=":")
"""No queue has such an id."""


def part(text: str | None) -> Part:
    """What `Part.text`, or the address of a saved view, stands for. What is no part of the queue holds no case."""
    text = (text or "")[:LONGEST].replace("\0", "\ufffd")
    if text.startswith(FILTERED):
        return Part.of(dict(parse_qsl(text.removeprefix(FILTERED))))
    if text.startswith(SAVED):
        number = text.removeprefix(SAVED)
        view = SavedView.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None  # noqa: PLR2004 (64 bits)
        return Part.of(view.part) if view else NOTHING
    return Part(queue=text)


def views(user: User) -> list[SavedView]:
    """Their own, and those that are shared with a role of theirs."""
    shared = Q(shared_with__in=sorted(accounts.roles(user)))
    return list(SavedView.objects.filter(Q(owner=user) | shared).select_related("owner").order_by("name", "pk"))
