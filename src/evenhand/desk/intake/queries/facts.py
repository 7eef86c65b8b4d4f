"""What the fold needs to know of items, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from evenhand.desk import sql
from evenhand.engine.model import Item, Ref


def items(refs: Sequence[Ref]) -> dict[Ref, Item]:
    """The latest state of those that are known."""
    if not refs:
        return {}
    values, parameters = sql.among(refs)
    found = sql.rows(
        f"SELECT data FROM intake_item WHERE (item_type, item_id) IN {values}",  # noqa: S608 (marks only)
        parameters,
    )
    return {item.ref: item for (data,) in found for item in (_DECODER.decode(data),)}


_DECODER = msgspec.json.Decoder(Item)
