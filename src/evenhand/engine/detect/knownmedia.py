"""The detector of known media: hashes of a medium that are near entries of the banks.

A match by a cryptographic hash is the same file. A perceptual match is a signal with its context, never proof: pictures
of text, and memes of one template, are near each other without being the same (up to 37 % of pairs at a distance of 31,
measured on generated ones), which quality does not tell. So a perceptual match of one list alone never hides anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from evenhand.engine.detect.registry import Finding
from evenhand.engine.detect.windows import version
from evenhand.engine.model import Event, Hash, MediaHashed, MediaRematched, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage.reliability import accuracy

REVISION: Final = 1
STATE: Final = "known:"
"""State under it is the desk's: `known:<kind>:<hex>` → the entries near this hash, as a sequence of Near."""
NAME: Final = "media"
PERCEPTUAL: Final = ("pdq", "vpdq")
BITS: Final = 256
MOST_TOLD: Final = 20
PRIOR: Final = 0.9
"""Share of matches of a list that people uphold, before any was decided. ASSUMED: lists are reviewed by their owners,
and operators report false entries in some of them."""
PRIOR_WEIGHT: Final = 10.0
"""Decided matches that the prior counts as. ASSUMED."""
SURE: Final = 16
"""Up to this distance a perceptual match counts in full: pictures scaled down have a median of 14 to 18."""
AT_THE_EDGE: Final = 0.8
"""What one at a distance of 31 counts. ASSUMED; in between it falls evenly."""
FLAT: Final = 0.5
"""What one of a flat picture, or a picture of text, counts. ASSUMED."""
AT_MOST: Final = 0.99
FRAMES: Final = 0.8
"""Share of a video's frames that have to be near frames of an entry: vPDQ's rule."""
GOOD: Final = 50
"""Quality from which on a perceptual hash tells anything, as the authors of PDQ and vPDQ have it."""
_EDGE: Final = 31

Holds = Literal["never", "confirmed", "always"]


class Near(Struct, frozen=True, kw_only=True):
    """An entry near a hash, with what its bank and its list say of it."""

    entry: int
    bank: str
    policy: str
    list: str
    """Name of its source; empty for what was added here."""
    kind: str
    distance: int = 0
    hold: Holds = "never"
    hours: int = 72
    severity: str = ""
    """As the bank has it, for people; empty: as the policy has it."""
    upheld: int = 0
    dismissed: int = 0
    """Decided matches of its list."""

    @property
    def owner(self) -> str:
        return self.list or f"{self.bank} (added here)"


class Hit(Struct, frozen=True):
    """The nearest that a medium comes to an entry."""

    near: Near
    variant: str = ""
    frames: float = 1.0
    """Of a video, the share of its frames that are near."""

    @property
    def exact(self) -> bool:
        return self.near.kind not in PERCEPTUAL

    def chance(self, *, flat: bool) -> float:
        """How likely its list is right, given this match alone."""
        record = accuracy(self.near.upheld, self.near.dismissed, PRIOR, PRIOR_WEIGHT).mean
        if self.exact:
            return record
        over = max(0, self.near.distance - SURE) / (_EDGE - SURE)
        return record * (1 - (1 - AT_THE_EDGE) * min(1.0, over)) * (FLAT if flat else 1.0)


class Told(Struct, frozen=True):
    """What the hits of one bank mean together."""

    summary: str
    probability: float
    effect: Literal["enqueue", "hold"]
    evidence: dict[str, Any]


class KnownMedia:
    """A signal `media:<bank>` for each bank that a medium matches."""

    name = NAME

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._may_hold = {one.id for one in policies if one.hold and one.rules_may in {"hold", "act"}}
        self.version = version(REVISION, sorted(self._may_hold))

    def keys(self, event: Event) -> Sequence[str]:
        media = of(event)
        return [key(one) for one in media.hashes if says_something(one)] if media else ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        media = of(event)
        found = hits(media, state) if media else []
        if media is None or not found:
            return Finding()
        banks = dict.fromkeys(hit.near.bank for hit in found)
        return Finding(tuple(self._signal(event, media, bank, found) for bank in banks))

    def judged(self, bank: str, found: Sequence[Hit], *, flat: bool, policy: str) -> Told:
        """What these hits mean for the bank, within the policy's licence."""
        return judge(bank, found, flat=flat, may_hold=policy in self._may_hold)

    def _signal(self, event: Event, media: MediaHashed, bank: str, found: Sequence[Hit]) -> Signal:
        policy = next(hit.near.policy for hit in found if hit.near.bank == bank)
        told = self.judged(bank, found, flat=media.flat, policy=policy)
        evidence = {"field": media.field, "kind": media.kind, "hashed_by": media.by, **told.evidence}
        if not media.whole:
            evidence["in_part"] = "Only a part of the medium was looked at."
        return Signal(
            detector=f"{NAME}:{bank}",
            version=self.version,
            subject=event.subject,
            event_id=event.id,
            at=event.at,
            summary=told.summary,
            policy=policy,
            probability=told.probability,
            effect=told.effect,
            evidence=evidence,
        )


def of(event: Event) -> MediaHashed | None:
    """The medium that the event tells of."""
    match event.body:
        case MediaHashed() as media:
            return media
        case MediaRematched(media=media):
            return media
    return None


def says_something(hash_: Hash) -> bool:
    """Perceptual hashes of pictures with hardly anything in them are those of many such pictures."""
    return hash_.kind not in PERCEPTUAL or hash_.quality is None or hash_.quality >= GOOD


def key(hash_: Hash) -> str:
    return f"{STATE}{hash_.kind}:{hash_.value}"


def hits(media: MediaHashed, state: Mapping[str, Any]) -> list[Hit]:
    """The nearest that it comes to each entry, the nearest first."""
    best: dict[tuple[int, str], Hit] = {}
    frames: dict[tuple[int, str], set[int]] = {}
    good = [n for n, one in enumerate(media.hashes) if one.kind == "vpdq" and says_something(one)]
    for n, one in enumerate(media.hashes):
        if not says_something(one):
            continue
        for near in map(_near, state.get(key(one)) or ()):
            at = (near.entry, near.bank)
            frames.setdefault(at, set()).add(n)
            if at not in best or _order(near) < _order(best[at].near):
                best[at] = Hit(near, one.variant)
    kept = (_of_frames(hit, len(frames[at]), len(good)) for at, hit in best.items())
    return sorted((hit for hit in kept if hit), key=lambda hit: (_order(hit.near), hit.near.bank, hit.near.entry))


def _near(told: Any) -> Near:
    """As it is provided, or as msgpack gives it back."""
    return told if isinstance(told, Near) else msgspec.convert(told, Near)


def _of_frames(hit: Hit, near: int, good: int) -> Hit | None:
    """A video matches when enough of its frames do."""
    if hit.near.kind != "vpdq":
        return hit
    share = near / good
    return Hit(hit.near, hit.variant, share) if share >= FRAMES else None


def judge(bank: str, found: Sequence[Hit], *, flat: bool, may_hold: bool) -> Told:
    """What hits of this bank mean, given those of all banks: other lists of the same policy confirm it."""
    own = [hit for hit in found if hit.near.bank == bank]
    lead = own[0].near
    agreeing = [hit for hit in found if hit.near.policy == lead.policy]
    by_list: dict[str, float] = {}
    for hit in agreeing:
        by_list[hit.near.owner] = max(by_list.get(hit.near.owner, 0.0), hit.chance(flat=flat))
    probability = min(AT_MOST, 1 - math.prod(1 - chance for chance in by_list.values()))
    why_not = _why_not_held(lead.hold, own, len(by_list), flat=flat, may_hold=may_hold)
    evidence: dict[str, Any] = {
        "matches": [_told(hit) for hit in own[:MOST_TOLD]],
        "found": len(own),
        "lists": sorted(by_list),
        "flat": flat,
        "hours": lead.hours,
    }
    if why_not:
        evidence["not_held"] = why_not
    if lead.severity:
        evidence["severity"] = lead.severity
    severity = f"; severity {lead.severity}, as bank {bank} has it" if lead.severity else ""
    summary = _summary(own[0], len(by_list), flat=flat) + severity
    return Told(summary, probability, "enqueue" if why_not else "hold", evidence)


def _why_not_held(hold: Holds, own: Sequence[Hit], lists: int, *, flat: bool, may_hold: bool) -> str:
    """Empty when it is held."""
    exact = any(hit.exact for hit in own)
    if hold == "never":
        return "The bank does not hold."
    if not may_hold:
        return "The policy lets nothing be held without a person."
    if not exact and flat:
        return "A flat picture, or one of text: such pictures are near each other without being the same."
    if lists > 1:
        return ""
    if not exact:
        return "One list alone, by a perceptual hash."
    return "" if hold == "always" else "The bank holds when a second list agrees."


def _summary(hit: Hit, lists: int, *, flat: bool) -> str:
    near = hit.near
    whose = f"entry {near.entry} of list {near.list}" if near.list else f"entry {near.entry} of bank {near.bank}"
    if hit.exact:
        said = f"The same file as {whose} ({near.kind})"
    elif near.kind == "vpdq":
        said = f"{hit.frames:.0%} of its frames look like {whose}"
    else:
        variant = f", {hit.variant}" if hit.variant else ""
        said = f"Looks like {whose} (distance {near.distance} of {BITS}{variant})"
    agree = f"; {lists} lists agree" if lists > 1 else ""
    return f"{said}{agree}{'; a flat picture or text, which proves little' if flat and not hit.exact else ''}"


def _told(hit: Hit) -> dict[str, Any]:
    near = hit.near
    told = {"entry": near.entry, "list": near.list, "kind": near.kind, "distance": near.distance}
    return told | ({"variant": hit.variant} if hit.variant else {})


def _order(near: Near) -> tuple[bool, int]:
    """Exact ones first, then the nearest."""
    return near.kind in PERCEPTUAL, near.distance
