"""How many items have come."""

from __future__ import annotations

from datetime import datetime

from evenhand.desk import sql
from evenhand.desk.fields import to_micros


def items_since(moment: datetime) -> int:
    """Items first seen since then. Their ids rise with that time, so the first one is found by halving: a count by time
    would read the whole table."""
    since = to_micros(moment)
    [(low, high)] = sql.rows("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM intake_item")
    if not high:
        return 0
    high += 1
    while low < high:
        middle = (low + high) // 2
        if _first_seen(middle) >= since:
            high = middle
        else:
            low = middle + 1
    [(count,)] = sql.rows("SELECT count(*) FROM intake_item WHERE id >= %s", (low,))
    return int(count)


def _first_seen(id_: int) -> int:
    """Of the item with this id, or the next one there is; the end of time when there is none."""
    found = sql.rows("SELECT first_seen FROM intake_item WHERE id >= %s ORDER BY id LIMIT 1", (id_,))
    return int(found[0][0]) if found else 2**63
