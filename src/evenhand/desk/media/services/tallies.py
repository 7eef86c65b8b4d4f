"""How much of each bank matches now, kept in the transaction of each change: counting a million takes seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from evenhand.desk import sql
from evenhand.desk.media.models import Change, Tally
from evenhand.desk.media.queries import tallies

MEDIA = ""
"""In the place of a kind: listed media, each once however many hashes it has."""
_AT_ONCE = 5_000
_Place = tuple[int, int | None]
"""Bank, and the list or None."""


def changed(what: Change.Kind, ids: Sequence[int]) -> None:
    """In the caller's transaction, once these entries have begun to match, or have ended to."""
    sign = 1 if what == Change.Kind.ADDED else -1
    for some in sql.batched(ids, _AT_ONCE):
        _changed(sign, some)


def recount() -> int:
    """Count all anew. How many tallies were wrong."""
    with transaction.atomic():
        wrong = tallies.wrong()
        for place, is_, _was in wrong:
            _set(place, is_)
    return len(wrong)


def _changed(sign: int, ids: Sequence[int]) -> None:
    one_of_them, parameters = sql.within(ids)
    touched = sql.rows(
        "SELECT bank_id, source_id, key, kind, count(*) FROM media_entry"  # noqa: S608 (marks only)
        f" WHERE id {one_of_them} GROUP BY bank_id, source_id, key, kind",
        parameters,
    )
    by: Counter[tuple[_Place, str]] = Counter()
    media: dict[_Place, Counter[str]] = {}
    for bank, source, key, kind, count in touched:
        by[(bank, source), kind] += sign * count
        media.setdefault((bank, source), Counter())[key] += count
    for place, keys in media.items():
        after = _standing(place, list(keys))
        for key, count in keys.items():
            stands = after.get(key, 0)
            by[place, MEDIA] += (stands > 0) - (stands - sign * count > 0)
    for (place, kind), more in sorted(by.items(), key=repr):
        if more:
            _add(place, kind, more)


def _standing(place: _Place, keys: Sequence[str]) -> dict[str, int]:
    """By key, how many of its hashes match."""
    bank, source = place
    one_of_them, parameters = sql.within(keys)
    whose = "source_id IS NULL" if source is None else "source_id = %s"
    found = sql.rows(
        f"SELECT key, count(*) FROM media_entry WHERE bank_id = %s AND {whose} AND key {one_of_them}"  # noqa: S608 (constant parts, marks)
        " AND withdrawn_at IS NULL AND review <> 'rejected' GROUP BY key",
        (bank, *([] if source is None else [source]), *parameters),
    )
    return dict(found)


def _add(place: _Place, kind: str, more: int) -> None:
    bank, source = place
    whose, parameters = ("source_id IS NULL", []) if source is None else ("source_id = %s", [source])
    touched = sql.run(
        f"UPDATE media_tally SET count = count + %s WHERE bank_id = %s AND kind = %s AND {whose}",  # noqa: S608 (constant parts)
        (more, bank, kind, *parameters),
    )
    if not touched:
        Tally.objects.create(bank_id=bank, source_id=source, kind=kind, count=more)


def _set(place: tuple[int, int | None, str], count: int) -> None:
    bank, source, kind = place
    own = Tally.objects.filter(bank_id=bank, kind=kind)
    kept = own.filter(source__isnull=True) if source is None else own.filter(source_id=source)
    if not kept.update(count=count):
        Tally.objects.create(bank_id=bank, source_id=source, kind=kind, count=count)
