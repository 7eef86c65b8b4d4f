"""From matches of the platform's lists to one signal: the strongest policy leads, every match is evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from evenhand.engine.model import Event, Item, ItemSent, ReportMade, Signal
from evenhand.engine.platform import WordList
from evenhand.engine.text.fold import LIMIT

MOST_TOLD = 20
"""Matches in the evidence; `found` there counts all."""
MOST_NAMED = 3


class Match(Struct, frozen=True):
    """`term` of the list at index `at` stands for `text[start:end]` of the item, or for the `url` of a field."""

    at: int
    term: str
    quote: str
    start: int = 0
    end: int = 0
    url: str = ""
    disguised: bool = False

    def told(self, lists: Sequence[WordList]) -> dict[str, Any]:
        place = {"url": self.url} if self.url else {"start": self.start, "end": self.end}
        shown = {"list": lists[self.at].id, "term": self.term, "quote": self.quote, **place}
        return shown | {"disguised": True} if self.disguised else shown


class Lists:
    """Lists in the order of their strength: probability times harm of the policy, then their id."""

    def __init__(self, lists: Sequence[WordList], weights: Mapping[str, float]) -> None:
        self.lists = sorted(lists, key=lambda found: (-found.probability * weights.get(found.policy, 1.0), found.id))

    def terms(self, kind: str) -> list[tuple[int, str]]:
        """All terms of this kind of list, each with the index of its list."""
        return [(at, term) for at, one in enumerate(self.lists) if one.kind == kind for term in one.terms]

    def signal(self, event: Event, detector: str, version: str, matches: Sequence[Match]) -> Signal:
        """The signal of these matches, which are not empty."""
        ranked = sorted(matches, key=lambda match: (match.at, match.url, match.start, match.term))
        hit = [self.lists[at] for at in dict.fromkeys(match.at for match in ranked)]
        lead = hit[0]
        return Signal(
            detector=detector,
            version=version,
            subject=event.subject,
            event_id=event.id,
            at=event.at,
            summary=_summary(lead, ranked, len(hit)),
            policy=lead.policy,
            probability=lead.probability,
            effect="enqueue" if any(one.effect == "enqueue" for one in hit) else "note",
            evidence=self._evidence(event.item, ranked, hit),
        )

    def _evidence(self, item: Item | None, ranked: Sequence[Match], hit: Sequence[WordList]) -> dict[str, Any]:
        policies: dict[str, float] = {}
        for one in hit:
            policies[one.policy] = max(one.probability, policies.get(one.policy, 0.0))
        evidence = {
            "matches": [match.told(self.lists) for match in ranked[:MOST_TOLD]],
            "found": len(ranked),
            "policies": policies,
        }
        return evidence | {"read": LIMIT} if item and len(item.text) > LIMIT else evidence


def _summary(lead: WordList, ranked: Sequence[Match], lists: int) -> str:
    """Says the same for the same terms, so that it is news only when there is news."""
    terms = list(dict.fromkeys(match.term for match in ranked if match.at == ranked[0].at))
    named = ", ".join(f"“{term}”" for term in terms[:MOST_NAMED])
    more = f" and {len(terms) - MOST_NAMED} more" if len(terms) > MOST_NAMED else ""
    others = f"; other lists: {lists - 1}" if lists > 1 else ""
    return f"List {lead.id}: {named}{more}{others}"


def judged(event: Event) -> Item | None:
    """The item whose content the event brings: sent or reported, and not deleted."""
    body = event.body
    if not isinstance(body, ItemSent | ReportMade) or body.item.deleted:
        return None
    return body.item
