"""What a bank says of a medium by now, told anew where the room knows better than the event that was folded."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from evenhand.desk.media.models import Bank, Match
from evenhand.desk.media.queries import standing
from evenhand.desk.policies import queries as policies
from evenhand.desk.signals import queries as signals
from evenhand.engine.detect.knownmedia import ABOUT, NAME, KnownMedia
from evenhand.engine.model import Micros, Ref, Signal


class Touched(NamedTuple):
    """A medium of an item, for a bank that has matches of it."""

    ref: Ref
    field: str
    medium: str
    bank: Bank


def media_of(matches: Iterable[Match]) -> list[Touched]:
    """In an order that is always the same."""
    touched = {Touched(Ref(one.item_type, one.item_id), one.field, one.medium, one.bank) for one in matches}
    return sorted(touched, key=lambda one: (one.ref, one.bank.name, one.field, one.medium))


def said(ref: Ref, bank: Bank) -> list[Signal]:
    """The bank's latest on each medium of the item."""
    return [one for one in signals.of_items([ref]).get(ref, []) if one.detector == f"{NAME}:{bank.name}"]


def as_it_stands(one: Touched, now: Micros, *, withdrawn: str = "") -> Signal:
    """What is left of it, or that nothing is. `withdrawn`: why something went."""
    ref, field, medium, bank = one
    policy = policies.current().policies.get(bank.policy)
    detector = KnownMedia([policy] if policy else [])
    of_medium = Match.objects.filter(item_type=ref.type, item_id=ref.id, field=field, medium=medium)
    left = standing.of_matches(list(of_medium.filter(withdrawn_at__isnull=True)))
    told = detector.judged(bank.name, left) if any(hit.near.bank == bank.name for hit in left) else None
    evidence = {**_about(one), **(told.evidence if told else {"matches": [], "found": 0})}
    return Signal(
        detector=f"{NAME}:{bank.name}",
        version=detector.version,
        subject=ref,
        event_id=sha256(f"{ref.type} {ref.id} {field} {medium} {bank.name} {now}".encode()).hexdigest()[:32],
        at=now,
        summary=told.summary if told else f"Withdrawn: {withdrawn}",
        policy=bank.policy,
        probability=told.probability if told else 0.0,
        effect=told.effect if told else "note",
        evidence={**evidence, "withdrawn": withdrawn} if withdrawn else evidence,
    )


def _about(one: Touched) -> dict[str, object]:
    """What was said of the medium itself."""
    for before in said(one.ref, one.bank):
        if before.evidence.get("medium", "") == one.medium:
            return {name: before.evidence[name] for name in ABOUT if name in before.evidence}
    return {"field": one.field, "medium": one.medium} if one.medium else {}
