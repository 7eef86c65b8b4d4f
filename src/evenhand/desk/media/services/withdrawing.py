"""What is withdrawn takes with it whatever rested on it alone: matches, what they said of open cases, holds.

All of it in one transaction, and visibly: the case shows what its signal says now, the hold's end is in its history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import Draft, record_all
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries.holds import Hold
from evenhand.desk.fields import now_micros
from evenhand.desk.media.models import Bank, Change, Entry, Match
from evenhand.desk.media.services import changes, retelling
from evenhand.desk.signals import services as signals
from evenhand.engine.model import Ref

_AT_ONCE = 5_000
"""Ids in one statement."""
_GONE = (
    "SELECT m.entry_id, CASE WHEN e.withdrawn_at IS NULL THEN 'Rejected here.' ELSE e.withdrawn_why END"
    " FROM media_match m CROSS JOIN media_entry e WHERE e.id = m.entry_id AND m.withdrawn_at IS NULL"
    " AND (e.withdrawn_at IS NOT NULL OR e.review = %s) LIMIT %s"
)
"""CROSS JOIN: SQLite would read all entries, of which there are millions, for some matches."""


def withdraw(ids: Sequence[int], *, why: str, actor: str, keep_listed: bool = False) -> None:
    """In the caller's transaction: these entries match nothing from now on. `keep_listed`: their list still has them;
    it is we who do not believe it."""
    for some in sql.batched(ids, _AT_ONCE):
        _withdraw(some, why, actor, keep_listed=keep_listed)


def _withdraw(ids: Sequence[int], why: str, actor: str, *, keep_listed: bool) -> None:
    one_of_them, parameters = sql.within(ids)
    matched = "" if keep_listed else f" AND withdrawn_at IS NULL AND review <> '{Entry.Review.REJECTED.value}'"
    gone = sql.rows(f"SELECT id, kind FROM media_entry WHERE id {one_of_them}{matched}", parameters)  # noqa: S608 (marks, constants)
    if not keep_listed:
        sql.run(
            f"UPDATE media_entry SET withdrawn_at = %s, withdrawn_why = %s WHERE id {one_of_them}",  # noqa: S608 (marks only)
            (now_micros(), why, *parameters),
        )
    changes.tell(Change.Kind.REMOVED, [(id_, kind) for id_, kind in gone])
    _unmatch(ids, why, actor)


def settle() -> int:
    """Matches that stand on entries which are gone: written by a fold that had begun before. How many."""
    found = sql.rows(_GONE, (Entry.Review.REJECTED.value, _AT_ONCE))
    if not found:
        return 0
    with transaction.atomic():
        for why in {why for _, why in found}:
            _unmatch([entry for entry, reason in found if reason == why], why, "system:media")
    return len(found)


def _unmatch(ids: Sequence[int], why: str, actor: str) -> None:
    matches = list(
        Match.objects.filter(entry__in=list(ids), withdrawn_at__isnull=True).select_related("bank", "entry__source")
    )
    if not matches:
        return
    now = now_micros()
    Match.objects.filter(pk__in=[one.pk for one in matches]).update(withdrawn_at=now, withdrawn_why=why)
    touched = retelling.media_of(matches)
    signals.tell([retelling.as_it_stands(one, now, withdrawn=why) for one in touched])
    for ref, bank in dict.fromkeys((one.ref, one.bank) for one in touched):
        if not _still_held(ref, bank):
            enforcement.withdraw(ref, cause=Hold.Cause.BANK, name=bank.name, actor=_told_by(actor))
    record_all([*_entries_of_ledger(matches, why, _told_by(actor))])


def _still_held(ref: Ref, bank: Bank) -> bool:
    """By another medium of the item, or by what is left of this one."""
    return any(signal.effect == "hold" for signal in retelling.said(ref, bank))


def _entries_of_ledger(matches: Sequence[Match], why: str, actor: str) -> Iterator[Draft]:
    for one in matches:
        yield Draft(
            act=Act.MATCH_WITHDRAWN,
            actor=actor,
            obj=f"match:{one.pk}",
            payload={
                "item": [one.item_type, one.item_id],
                "bank": one.bank.name,
                "entry": one.entry_id,
                "list": one.entry.source.name if one.entry.source else "",
                "why": why,
            },
        )


def _told_by(actor: str) -> str:
    return actor if actor.startswith(("user:", "key:", "system:")) else "system:media"
