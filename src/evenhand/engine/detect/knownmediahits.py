"""What a medium's hashes are near, and what of it stands from before: hits, the best for each entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec import Struct, structs

from evenhand.engine.model import Event, Hash, MediaHashed, MediaRematched
from evenhand.engine.triage.reliability import accuracy

STATE: Final = "known:"
"""State under it is the desk's: `known:<kind>:<hex>` → the entries near this hash, as a sequence of Near."""
STANDS: Final = "matched:"
"""State under it is the desk's: `matched:<medium>` → what stands of it from before, as Stood."""
PERCEPTUAL: Final = ("pdq", "vpdq")
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
FRAMES: Final = 0.8
"""Share of a video's frames that have to be near frames of an entry: vPDQ's rule."""
GOOD: Final = 50
"""Quality from which on a perceptual hash tells anything, as the authors of PDQ and vPDQ have it."""
HERE: Final = "added here"
"""In the place of a list: what people of this desk added, to whichever bank. One voice."""
EVERY: Final = "*"
_EDGE: Final = 31
_NAME: Final = 32

Holds = Literal["never", "confirmed", "always"]
T = TypeVar("T")


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
    alike: tuple[str, ...] = ()
    """Lists that are no second voice beside its own: of the same owner, or one of the two copies the other. EVERY: all
    of them are, as nobody knows yet."""

    @property
    def owner(self) -> str:
        return self.list or HERE


class Hit(Struct, frozen=True):
    """The nearest that a medium comes to an entry."""

    near: Near
    variant: str = ""
    frames: float | None = 1.0
    """Of a video, the share of its frames that are near; None where it is not known any more."""
    counted: int = 0
    """Of a video, how many of its frames say anything; 0 where it is none, or not known any more."""
    flat: bool = False
    """It was found by a picture that is flat, or of text."""

    @property
    def exact(self) -> bool:
        return self.near.kind not in PERCEPTUAL

    @property
    def sound(self) -> bool:
        """It says more than that two pictures have little in them."""
        return self.exact or not self.flat

    @property
    def chance(self) -> float:
        """How likely its list is right, given this match alone."""
        record = accuracy(self.near.upheld, self.near.dismissed, PRIOR, PRIOR_WEIGHT).mean
        if self.exact:
            return record
        over = max(0, self.near.distance - SURE) / (_EDGE - SURE)
        return record * (1 - (1 - AT_THE_EDGE) * min(1.0, over)) * (FLAT if self.flat else 1.0)


class Stood(Struct, frozen=True):
    """What was told of a medium before. `events`: by which events, also of matches that are withdrawn by now."""

    hits: Sequence[Hit] = ()
    events: Sequence[str] = ()


NOTHING: Final = Stood()


def of(event: Event) -> MediaHashed | None:
    """The medium that the event tells of."""
    match event.body:
        case MediaHashed() as media:
            return media
        case MediaRematched(media=media):
            return media
    return None


def medium(media: MediaHashed) -> str:
    """32 hex digits that name the medium: two pictures of one item are two, also in one field. Without an address it is
    what came with these hashes, and another when others come."""
    if media.medium:
        return media.medium
    told = media.url or sorted((one.kind, one.value, one.variant) for one in media.hashes)
    written = msgspec.json.encode([media.ref.type, media.ref.id, media.field, told])
    return hashlib.sha256(written).hexdigest()[:_NAME]


def says_something(hash_: Hash) -> bool:
    """Perceptual hashes of pictures with hardly anything in them are those of many such pictures."""
    return hash_.kind not in PERCEPTUAL or hash_.quality is None or hash_.quality >= GOOD


def key(hash_: Hash) -> str:
    return f"{STATE}{hash_.kind}:{hash_.value}"


def hits(media: MediaHashed, state: Mapping[str, Any]) -> list[Hit]:
    """The nearest that it comes to each entry, the nearest first. A video comes near films and pictures alike by its
    frames, of which enough have to be near."""
    best: dict[tuple[int, str], Hit] = {}
    frames: dict[tuple[int, str], set[int]] = {}
    otherwise: set[tuple[int, str]] = set()
    good = [n for n, one in enumerate(media.hashes) if one.kind == "vpdq" and says_something(one)]
    for n, one in enumerate(media.hashes):
        if not says_something(one):
            continue
        for near in (_converted(told, Near) for told in state.get(key(one)) or ()):
            at = (near.entry, near.bank)
            if one.kind == "vpdq":
                frames.setdefault(at, set()).add(n)
            else:
                otherwise.add(at)
            if at not in best or _order(near) < _order(best[at].near):
                best[at] = Hit(near, one.variant, flat=media.flat)
    kept = (hit if at in otherwise else _of_frames(hit, len(frames[at]), len(good)) for at, hit in best.items())
    return in_order(hit for hit in kept if hit)


def joined(*groups: Iterable[Hit]) -> list[Hit]:
    """The strongest for each entry, of the first group where they are the same; the nearest first."""
    best: dict[tuple[int, str], Hit] = {}
    for hit in (hit for group in groups for hit in group):
        before = best.get(identity(hit))
        if before is None or hit.chance > before.chance:
            best[identity(hit)] = hit
    return in_order(best.values())


def identity(hit: Hit) -> tuple[int, str]:
    return hit.near.entry, hit.near.bank


def in_order(found: Iterable[Hit]) -> list[Hit]:
    return sorted(found, key=lambda hit: (_order(hit.near), hit.near.bank, hit.near.entry))


def stood(told: Any) -> Stood:
    """What the state says under STANDS, as it is provided or as msgpack gives it back."""
    return _converted(told, Stood) if told else NOTHING


def _converted(told: Any, type_: type[T]) -> T:
    return told if isinstance(told, type_) else msgspec.convert(told, type_)


def _of_frames(hit: Hit, near: int, good: int) -> Hit | None:
    """A video matches when enough of its frames do."""
    share = near / good
    return structs.replace(hit, frames=share, counted=good) if share >= FRAMES else None


def _order(near: Near) -> tuple[bool, int]:
    """Exact ones first, then the nearest."""
    return near.kind in PERCEPTUAL, near.distance
