"""What the hits of a medium mean for a bank: how likely, whether it may be hidden, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from evenhand.engine.detect.knownmediahits import EVERY, Hit, Holds, Near
from evenhand.engine.detect.knownmediavoices import independent

BITS: Final = 256
MOST_TOLD: Final = 20
AT_MOST: Final = 0.99


class Told(Struct, frozen=True):
    """What the hits of one bank mean together."""

    summary: str
    probability: float
    effect: Literal["enqueue", "hold"]
    evidence: dict[str, Any]


def judge(bank: str, found: Sequence[Hit], *, may_hold: bool) -> Told:
    """What hits of this bank mean, given those of the same medium in all banks: other lists of the same policy confirm
    it, as far as they are voices of their own. `found`: the nearest first, some of this bank among them."""
    own = [hit for hit in found if hit.near.bank == bank]
    lead = own[0].near
    agreeing = [hit for hit in found if hit.near.policy == lead.policy]
    lists = sorted({hit.near.owner for hit in agreeing})
    voices = len(_voices(agreeing))
    why_not = _why_not_held(lead.hold, own, agreeing, may_hold=may_hold)
    told = told_of(own)
    evidence: dict[str, Any] = {
        "matches": [_told(hit) for hit in told],
        "found": len(own),
        "lists": lists,
        "voices": voices,
        "flat": not any(hit.sound for hit in own),
        "hours": lead.hours,
    }
    if why_not:
        evidence["not_held"] = why_not
    if lead.severity:
        evidence["severity"] = lead.severity
    severity = f"; severity {lead.severity}, as bank {bank} has it" if lead.severity else ""
    summary = _summary(own[0], len(lists), voices) + severity
    return Told(summary, _probability(agreeing), "enqueue" if why_not else "hold", evidence)


def told_of(own: Sequence[Hit]) -> list[Hit]:
    """Those that are named and written down: the nearest of each list, then the nearest."""
    first: dict[str, Hit] = {}
    for hit in own:
        if hit.near.owner not in first or hit.chance > first[hit.near.owner].chance:
            first[hit.near.owner] = hit
    named = set(map(id, first.values()))
    rest = [hit for hit in own if id(hit) not in named][: max(0, MOST_TOLD - len(named))]
    named |= set(map(id, rest))
    return [hit for hit in own if id(hit) in named]


def _probability(agreeing: Sequence[Hit]) -> float:
    """Independent voices combined by a noisy-or, each by the strongest of its hits."""
    by_list: dict[str, float] = {}
    for hit in agreeing:
        by_list[hit.near.owner] = max(by_list.get(hit.near.owner, 0.0), hit.chance)
    weights = {name: -math.log1p(-chance) for name, chance in by_list.items()}
    counted = independent(weights, _alike(agreeing))
    return min(AT_MOST, 1 - math.prod(1 - by_list[name] for name in counted))


def _voices(agreeing: Sequence[Hit]) -> frozenset[str]:
    return independent({hit.near.owner: 1.0 for hit in agreeing}, _alike(agreeing))


def _alike(found: Sequence[Hit]) -> Iterator[tuple[str, str]]:
    for near in (hit.near for hit in found):
        others = {hit.near.owner for hit in found} if EVERY in near.alike else near.alike
        yield from ((near.owner, other) for other in others)


def _why_not_held(hold: Holds, own: Sequence[Hit], agreeing: Sequence[Hit], *, may_hold: bool) -> str:
    """Empty when it is held."""
    if hold == "never":
        return "The bank does not hold."
    if not may_hold:
        return "The policy lets nothing be held without a person."
    if not any(hit.sound for hit in own):
        return "A flat picture, or one of text: such pictures are near each other without being the same."
    return _why_not_by(hold, [hit for hit in agreeing if hit.sound], exact=any(hit.exact for hit in own))


def _why_not_by(hold: Holds, sound: Sequence[Hit], *, exact: bool) -> str:
    """Two voices are enough; one is where the file is the same, and the bank holds by that alone."""
    if len(_voices(sound)) > 1 or (exact and hold == "always"):
        return ""
    copies = len({hit.near.owner for hit in sound}) > 1
    if not exact:
        return f"{'Lists that count as one' if copies else 'One list alone'}, by a perceptual hash."
    return "The lists that have it count as one." if copies else "The bank holds when a second list agrees."


def _summary(hit: Hit, lists: int, voices: int) -> str:
    near = hit.near
    whose = f"entry {near.entry} of list {near.list}" if near.list else f"entry {near.entry} of bank {near.bank}"
    if hit.exact:
        said = f"The same file as {whose} ({near.kind})"
    elif near.kind == "vpdq" or hit.counted:
        nearest = "" if near.kind == "vpdq" else f" (the nearest at distance {near.distance} of {BITS})"
        said = f"{_frames(hit)} like {whose}{nearest}"
    else:
        variant = f", {hit.variant}" if hit.variant else ""
        said = f"Looks like {whose} (distance {near.distance} of {BITS}{variant})"
    agree = f"; {voices} lists agree" if voices > 1 else ""
    if voices < lists:
        agree = f"; {lists} lists have it, which count as {voices if voices > 1 else 'one'}"
    return f"{said}{agree}{'' if hit.sound else '; a flat picture or text, which proves little'}"


def _frames(hit: Hit) -> str:
    if hit.frames is None or not hit.counted:
        return "Most of its frames look"
    if hit.counted == 1:
        return "Its one frame looks"
    return f"{round(hit.frames * hit.counted):,} of its {hit.counted:,} frames look"


def _told(hit: Hit) -> dict[str, Any]:
    near: Near = hit.near
    told: dict[str, Any] = {"entry": near.entry, "list": near.list, "kind": near.kind, "distance": near.distance}
    if hit.variant:
        told["variant"] = hit.variant
    if hit.counted and hit.frames is not None:
        told |= {"frames": round(hit.frames * hit.counted), "of_frames": hit.counted}
    if hit.flat:
        told["flat"] = True
    return told
