"""The detector of known media: hashes of a medium that are near entries of the banks.

A match by a cryptographic hash is the same file. A perceptual match is a signal with its context, never proof: pictures
of text, and memes of one template, are near each other without being the same (up to 37 % of pairs at a distance of 31,
measured on generated ones), which quality does not tell. So a perceptual match of one list alone never hides anything.

Of each medium everything that stands is told together, and only what is news: a match is told once, and one more never
makes less of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from evenhand.engine.detect.knownmediahits import (
    EVERY,
    FRAMES,
    GOOD,
    HERE,
    PERCEPTUAL,
    PRIOR,
    PRIOR_WEIGHT,
    STANDS,
    STATE,
    SURE,
    Hit,
    Near,
    Stood,
    hits,
    identity,
    in_order,
    joined,
    key,
    medium,
    of,
    says_something,
    stood,
)
from evenhand.engine.detect.knownmediajudge import AT_MOST, BITS, Told, judge, told_of
from evenhand.engine.detect.registry import Finding, Keep
from evenhand.engine.detect.windows import DAY, version
from evenhand.engine.model import Event, MediaHashed, Signal
from evenhand.engine.platform import Policy

__all__ = [
    "ABOUT",
    "AT_MOST",
    "BITS",
    "EVERY",
    "FRAMES",
    "GOOD",
    "HERE",
    "NAME",
    "PERCEPTUAL",
    "PRIOR",
    "PRIOR_WEIGHT",
    "STANDS",
    "STATE",
    "SURE",
    "Hit",
    "KnownMedia",
    "Near",
    "Stood",
    "hits",
    "in_order",
    "is_told",
    "judge",
    "key",
    "medium",
    "of",
    "says_something",
]

REVISION: Final = 3
NAME: Final = "media"
ABOUT: Final = ("field", "url", "kind", "hashed_by", "medium", "in_part")
"""Of a signal's evidence, what it says of the medium, whatever the medium matches."""


class KnownMedia:
    """A signal `media:<bank>` for each bank of which a medium says something new."""

    name = NAME

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._may_hold = {one.id for one in policies if one.hold and one.rules_may in {"hold", "act"}}
        self.version = version(REVISION, sorted(self._may_hold))

    def keys(self, event: Event) -> Sequence[str]:
        media = of(event)
        asked = [key(one) for one in media.hashes if says_something(one)] if media else []
        return [*asked, f"{STANDS}{medium(media)}"] if media and asked else ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        media = of(event)
        fresh = hits(media, state) if media else []
        if media is None or not fresh:
            return Finding()
        own = f"{NAME}:{medium(media)}"
        before = _before(state, medium(media), own)
        found = joined(before, fresh)
        told = {bank: self.judged(bank, found) for bank in dict.fromkeys(hit.near.bank for hit in found)}
        news = {bank: one for bank, one in told.items() if self._is_news(bank, one, before, found)}
        if not news:
            return Finding()
        kept = msgspec.to_builtins(Stood(found, (event.id,)))
        return Finding(
            tuple(self._signal(event, media, bank, one, found) for bank, one in news.items()),
            {own: Keep(value=kept, expires_at=event.at + DAY)},
        )

    def judged(self, bank: str, found: Sequence[Hit]) -> Told:
        """What these hits of one medium mean for the bank, within the licence of its policy."""
        return judge(bank, found, may_hold=_policy(bank, found) in self._may_hold)

    def _is_news(self, bank: str, now: Told, before: Sequence[Hit], found: Sequence[Hit]) -> bool:
        known = [hit for hit in before if hit.near.bank == bank]
        if not known:
            return True
        was = self.judged(bank, before)
        more = {*map(identity, _of(bank, found))} - {*map(identity, known)}
        return bool(more) or now.probability > was.probability or now.effect != was.effect

    def _signal(self, event: Event, media: MediaHashed, bank: str, told: Told, found: Sequence[Hit]) -> Signal:
        evidence = {
            "field": media.field,
            "url": media.url,
            "kind": media.kind,
            "hashed_by": media.by,
            "medium": medium(media),
            **told.evidence,
        }
        if not media.whole:
            evidence["in_part"] = "Only a part of the medium was looked at."
        return Signal(
            detector=f"{NAME}:{bank}",
            version=self.version,
            subject=event.subject,
            event_id=event.id,
            at=event.at,
            summary=told.summary,
            policy=_policy(bank, found),
            probability=told.probability,
            effect=told.effect,
            evidence=evidence,
        )


def is_told(media: MediaHashed, fresh: Sequence[Hit], state: Mapping[str, Any]) -> bool:
    """Whether each match that these hits would be told as stands already."""
    before = _before(state, medium(media), "")
    known, found = {*map(identity, before)}, joined(before, fresh)
    return all({*map(identity, _of(bank, found))} <= known for bank in {hit.near.bank for hit in found})


def _before(state: Mapping[str, Any], name: str, own: str) -> list[Hit]:
    """What stands of the medium. The desk writes it down with the batch: what an earlier event of this very batch told
    is in the detector's own state alone."""
    kept, last = stood(state.get(f"{STANDS}{name}")), stood(state.get(own))
    written = set(last.events) <= set(kept.events)
    return joined(kept.hits) if written else joined(kept.hits, last.hits)


def _of(bank: str, found: Sequence[Hit]) -> list[Hit]:
    return told_of([hit for hit in found if hit.near.bank == bank])


def _policy(bank: str, found: Sequence[Hit]) -> str:
    return next(hit.near.policy for hit in found if hit.near.bank == bank)
