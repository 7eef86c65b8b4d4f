"""How much matches, as it was kept, and as counting it anew finds it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from evenhand.desk import sql
from evenhand.desk.media.models import Tally

Place = tuple[int, int | None, str]
"""Bank, list or None, kind; the empty kind stands for listed media."""
_STANDS = "withdrawn_at IS NULL AND review <> 'rejected'"
_COUNTED = (
    f"SELECT bank_id, source_id, kind, count(*) FROM media_entry WHERE {_STANDS} GROUP BY bank_id, source_id, kind"  # noqa: S608 (our own constant)
    " UNION ALL SELECT bank_id, source_id, '', count(*) FROM"
    f" (SELECT DISTINCT bank_id, source_id, key FROM media_entry WHERE {_STANDS}) AS media"
    " GROUP BY bank_id, source_id"
)


def of_banks(banks: Iterable[int]) -> dict[int, dict[str, int]]:
    """By bank and kind."""
    found: dict[int, dict[str, int]] = {}
    rows = Tally.objects.filter(bank__in=list(banks)).values_list("bank_id", "kind").annotate(Sum("count"))
    for bank, kind, count in rows:
        found.setdefault(bank, {})[kind] = count
    return found


def of_sources(sources: Iterable[int]) -> dict[int, dict[str, int]]:
    """By list and kind."""
    found: dict[int, dict[str, int]] = {}
    for source, kind, count in Tally.objects.filter(source__in=list(sources)).values_list("source_id", "kind", "count"):
        assert source is not None
        found.setdefault(source, {})[kind] = count
    return found


def wrong() -> list[tuple[Place, int, int]]:
    """Where it is so many, and so many are kept. Reads all entries."""
    kept = {(row.bank_id, row.source_id, row.kind): row.count for row in Tally.objects.all()}
    is_ = {(bank, source, kind): count for bank, source, kind, count in sql.rows(_COUNTED)}
    places = sorted(kept.keys() | is_.keys(), key=repr)
    return [
        (place, is_.get(place, 0), kept.get(place, 0)) for place in places if is_.get(place, 0) != kept.get(place, 0)
    ]
