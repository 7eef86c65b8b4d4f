"""How far a listed medium has spread here: on how many items, by how many accounts, since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenhand.desk.intake.queries import items
from evenhand.desk.media.models import Match
from evenhand.engine.model import Ref

MOST: Final = 500
"""Items that are looked through for who made them."""


class Spread(Struct, frozen=True):
    """`accounts` of the items that were looked through; `more`: there are others."""

    items: int
    accounts: int
    since: datetime | None
    last: datetime | None
    more: bool


def spread(matches: Sequence[Match]) -> Spread:
    """Of the media that these matches are near: items with a match that stands."""
    entries = {one.entry_id for one in matches}
    found = Match.objects.filter(entry__in=entries, withdrawn_at__isnull=True)
    rows = list(found.order_by("at").values_list("item_type", "item_id", "at"))
    refs = list(dict.fromkeys(Ref(type_, id_) for type_, id_, _at in rows))
    known = items.known(refs[:MOST])
    makers = {one.item.creator for one in known.values() if one.item.creator}
    return Spread(
        items=len(refs),
        accounts=len(makers),
        since=rows[0][2] if rows else None,
        last=rows[-1][2] if rows else None,
        more=len(refs) > MOST,
    )
