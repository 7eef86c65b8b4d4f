"""A bank as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.desk.media.models import Bank, Entry

COLUMNS: Final = ("type", "value", "label", "source", "source_id", "added_at", "deleted")
Row = tuple[str, str, str, str, str, str, str]


def rows(bank: Bank) -> Iterator[Row]:
    """All hashes that match now, in the order in which they came."""
    found = Entry.objects.filter(bank=bank, withdrawn_at__isnull=True).exclude(review=Entry.Review.REJECTED)
    for one in found.select_related("source").order_by("pk").iterator(chunk_size=1000):
        source = one.source.name if one.source else ""
        at = one.listed_at.isoformat() if one.listed_at else ""
        yield one.kind, bytes(one.value).hex(), one.classification, source, one.key, at, "false"
