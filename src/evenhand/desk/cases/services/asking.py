"""Which items the platform is asked for, and when: once, after 5 minutes, after an hour, then given up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

import msgspec

from evenhand.desk import sql
from evenhand.desk.cases.models import Asking, Wanted
from evenhand.desk.cases.queries import unknown
from evenhand.desk.cases.queries.unknown import Place
from evenhand.desk.fields import from_micros, now_micros
from evenhand.engine.model import Micros, Ref
from evenhand.engine.platform import Platform

SECOND = 1_000_000
PAUSES = (300 * SECOND, 3_600 * SECOND)
"""After the first and the second request that did not bring an item."""
AGAIN = 3_600 * SECOND
"""What was answered in part or given up is asked for again when its case changes so much later."""
REST = 30 * SECOND
"""After an answer that cannot be used."""
OVERLAP = 60 * SECOND
"""Cases that changed so lately are looked at again: a slower transaction may still add some before them."""
KEPT = 30 * 86_400 * SECOND
_FAULT = 1_000
_WANT = """
INSERT INTO cases_wanted (item_type, item_id, since, tries, due_at, fault) VALUES (%s, %s, %s, 0, %s, '')
ON CONFLICT (item_type, item_id) DO UPDATE SET tries = 0, due_at = excluded.due_at
WHERE cases_wanted.due_at IS NULL
"""
_CLAIM = """
UPDATE cases_wanted SET tries = tries + 1, asked_at = %s,
 due_at = CASE tries WHEN 0 THEN CAST(%s AS bigint) WHEN 1 THEN CAST(%s AS bigint) END
WHERE due_at <= %s AND id IN (SELECT id FROM cases_wanted WHERE due_at <= %s ORDER BY due_at, id LIMIT %s)
RETURNING item_type, item_id
"""
_SETTLE = "UPDATE cases_wanted SET fault = %s, due_at = CASE WHEN %s THEN NULL ELSE due_at END"
_FORGET = "DELETE FROM cases_wanted WHERE item_type = %s AND item_id = %s"


def look(platform: Platform, types: Collection[str]) -> None:
    """Note what open cases that changed lately lack, of these item types."""
    now = now_micros()
    state = _state(platform)
    place = Place(*state)
    found = unknown.look(place)
    if found.end is None:
        return
    refs = sorted(ref for ref in found.refs if ref.type in types)
    asked = unknown.asked(refs, now - AGAIN)
    sql.run_many(_WANT, [(ref.type, ref.id, now, now) for ref in refs if ref not in asked])
    end = min(found.end, Place(now - OVERLAP, 0))
    if end > place:
        Asking.objects.update(seen_at=end.changed_at, seen_id=end.case)


def claim(limit: int) -> list[Ref]:
    """Items to ask for now. No other process gets them; what no case needs any more is forgotten."""
    now = now_micros()
    if Asking.objects.filter(rests_until__gt=now).exists() or not Wanted.objects.filter(due_at__lte=now).exists():
        return []
    claimed = [Ref(*row) for row in sql.rows(_CLAIM, (now, *(now + pause for pause in PAUSES), now, now, limit))]
    needed = unknown.needed(claimed)
    sql.run_many(_FORGET, [(ref.type, ref.id) for ref in claimed if ref not in needed])
    return sorted(needed)


def settle(asked: Sequence[Ref], answered: Collection[Ref], faults: Mapping[Ref, str]) -> None:
    """Write down what came of a request: items that were answered, and those whose answer cannot be read."""
    rows = [(_kept(faults.get(ref, "")), ref in answered, ref.type, ref.id) for ref in asked]
    sql.run_many(f"{_SETTLE} WHERE item_type = %s AND item_id = %s", rows)


def fail(asked: Sequence[Ref], fault: str) -> None:
    """Write down that a whole answer cannot be used, and rest."""
    settle(asked, (), dict.fromkeys(asked, fault))
    Asking.objects.update(rests_until=from_micros(now_micros() + REST))


def forget() -> None:
    """What was answered or given up a month ago."""
    before = from_micros(now_micros() - KEPT)
    Wanted.objects.filter(due_at=None, asked_at__lt=before).delete()


def _kept(fault: str) -> str:
    return fault[:_FAULT].replace("\x00", "\ufffd")


def _state(platform: Platform) -> tuple[Micros, int]:
    """How far cases were looked through; from the beginning when another address, or one with other headers, is
    asked."""
    address = _address(platform)
    found = sql.rows("SELECT seen_at, seen_id FROM cases_asking WHERE id = 1 AND address = %s", (address,))
    if found:
        return found[0]
    Asking.objects.update_or_create(pk=1, defaults={"address": address, "seen_at": 0, "seen_id": 0, "rests_until": 0})
    Wanted.objects.all().delete()
    return 0, 0


def _address(platform: Platform) -> str:
    asked = (platform.partial_items_url, sorted(platform.partial_items_headers.items()))
    return sha256(msgspec.json.encode(asked)).hexdigest()
