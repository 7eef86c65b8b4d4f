"""Which lists are no second voice beside each other: of the same owner, or copies; measured when they are taken in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.media.models import Alike, Bank
from evenhand.engine.detect.knownmedia import EVERY

COPIES: Final = 0.8
"""Of two lists of which one has this share of the other's media, one copies the other. ASSUMED: lists that were made
apart have much less in common than that, as each has its own cases."""


class Pair(Struct, frozen=True):
    """Two lists that count as one. `share`: of the media of `one`, so much is in `other`; None: they have one owner."""

    one: str
    other: str
    share: float | None


def alike() -> dict[str, tuple[str, ...]]:
    """By list, those that are no second voice beside it. EVERY, while it was never held against them."""
    found: dict[str, list[str]] = {}
    for one, other in sql.rows(_PAIRS):
        found.setdefault(one, []).append(other)
    new = sql.rows("SELECT name FROM media_source WHERE compared_at IS NULL AND removed_at IS NULL")
    return {name: tuple(others) for name, others in found.items()} | {name: (EVERY,) for (name,) in new}


_PAIRS: Final = (
    "SELECT a.name, b.name FROM media_alike p JOIN media_source a ON a.id = p.one_id JOIN media_source b"
    " ON b.id = p.other_id WHERE a.removed_at IS NULL AND b.removed_at IS NULL"
)


def among(lists: Iterable[str]) -> list[Pair]:
    """Those of these lists that count as one, each pair once."""
    return _pairs(Q(one__name__in=set(lists)) & Q(other__name__in=set(lists)))


def of_bank(bank: Bank) -> list[Pair]:
    """Pairs of which one list, or both, are of this bank."""
    return _pairs(Q(one__bank=bank) | Q(other__bank=bank))


def _pairs(which: Q) -> list[Pair]:
    """Each is kept from both sides; told from that of which more is in the other."""
    standing = Alike.objects.filter(which, one__removed_at__isnull=True, other__removed_at__isnull=True)
    told: dict[frozenset[str], Pair] = {}
    for row in standing.select_related("one", "other").order_by("-share", "one__name"):
        told.setdefault(frozenset((row.one.name, row.other.name)), Pair(row.one.name, row.other.name, row.share))
    return sorted(told.values(), key=lambda pair: (pair.one, pair.other))
