"""Entries that people add, withdraw, switch off and review, and banks that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.fields import now_micros
from evenhand.desk.media import hashes
from evenhand.desk.media.errors import Invalid, NoSuch
from evenhand.desk.media.models import Change, Entry, Source
from evenhand.desk.media.services import changes
from evenhand.desk.media.services.banks import lock_bank
from evenhand.desk.media.services.entries import LONGEST_NOTE, insert, problem_of
from evenhand.desk.media.services.withdrawing import withdraw
from evenhand.engine.media.listing import Listed


def add_entry(
    bank: str,
    given: Mapping[str, bytes],
    *,
    actor: str,
    key: str = "",
    classification: str = "",
    tags: Sequence[str] = (),
    note: str = "",
) -> list[Entry]:
    """A medium that is added here, by its hashes; its rows, one for each hash. Added again under the same key, or
    without one with the same hashes, it is there once. Raises Invalid, NoSuch."""
    hashes.check_known(given)
    hashes.check_all(given)
    named = key or hashes.digest(b"".join(kind.encode() + value for kind, value in sorted(given.items()))).hex()
    listed = Listed(
        key=named, hashes=given, classification=classification, tags=tuple(tags), note=note, at=now_micros()
    )
    if problem := problem_of(listed):
        raise Invalid(problem)
    with transaction.atomic():
        kept = lock_bank(bank)
        own = Entry.objects.filter(bank=kept, source__isnull=True, key=named)
        gone = own.filter(withdrawn_at__isnull=False, kind__in=given)
        again = [row for row in gone if bytes(row.value) == given[row.kind]]
        own.filter(pk__in=[row.pk for row in again]).update(withdrawn_at=None, withdrawn_why="")
        matching = [(row.pk, row.kind) for row in again if row.review != Entry.Review.REJECTED]
        changes.tell(Change.Kind.ADDED, matching)
        added = insert(kept.pk, None, [listed])
        if added or again:
            payload = {"key": named, "kinds": sorted(given), "note": note}
            record(Act.ENTRY_ADDED, actor=actor, obj=f"bank:{bank}", payload=payload)
        return list(own.filter(withdrawn_at__isnull=True).order_by("pk"))


def withdraw_entry(entry_id: int, *, actor: str, reason: str) -> None:
    """All hashes of the medium that this is one of. Raises NoSuch."""
    with transaction.atomic():
        entry = _entry(entry_id)
        ids = list(_of_same(entry).filter(withdrawn_at__isnull=True).values_list("pk", flat=True))
        withdraw(ids, why=reason or "Withdrawn here.", actor=actor)
        payload = {"entries": ids[:100], "reason": reason}
        record(Act.ENTRY_WITHDRAWN, actor=actor, obj=f"entry:{entry_id}", payload=payload)


def change_entry(
    entry_id: int,
    *,
    actor: str,
    disabled_until: datetime | None = None,
    enable: bool = False,
    note: str | None = None,
    review: str | None = None,
) -> Entry:
    """Switch the medium off until a time (or, with `enable`, on again), note something, or review it: `rejected` is not
    matched any more, whatever its list says. For all hashes of the medium. Raises NoSuch, Invalid."""
    if review is not None and review not in Entry.Review.values:
        raise Invalid(f"A review says kept or rejected, not “{review[:20]}”.")
    with transaction.atomic():
        entry = _entry(entry_id)
        same = _of_same(entry)
        if disabled_until is not None or enable:
            same.update(disabled_until=None if enable else disabled_until)
        if note is not None:
            same.update(note=note[:LONGEST_NOTE])
        if review is not None:
            _review(list(same), review, actor)
        payload = {
            "disabled_until": disabled_until.isoformat() if disabled_until else None,
            "enabled": enable,
            "note": note,
            "review": review,
        }
        record(Act.ENTRY_CHANGED, actor=actor, obj=f"entry:{entry_id}", payload=payload)
    return Entry.objects.get(pk=entry_id)


def _review(rows: Sequence[Entry], review: str, actor: str) -> None:
    was = {row.pk: row.review for row in rows}
    Entry.objects.filter(pk__in=was).update(review=review)
    standing = [row for row in rows if row.withdrawn_at is None]
    if review == Entry.Review.REJECTED:
        ids = [row.pk for row in standing if was[row.pk] != review]
        withdraw(ids, why="Rejected here.", actor=actor, keep_listed=True)
    else:
        again = [(row.pk, row.kind) for row in standing if was[row.pk] == Entry.Review.REJECTED]
        changes.tell(Change.Kind.ADDED, again)


def _entry(entry_id: int) -> Entry:
    entry = Entry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NoSuch(f"There is no entry {entry_id}.")
    return entry


def _of_same(entry: Entry) -> QuerySet[Entry]:
    return Entry.objects.filter(bank_id=entry.bank_id, source=entry.source, key=entry.key)


def retired(bank: str, *, actor: str) -> None:
    """A bank ends: its entries are withdrawn, its lists are asked no more, its name is free. Raises NoSuch."""
    with transaction.atomic():
        kept = lock_bank(bank)
        ids = list(Entry.objects.filter(bank=kept, withdrawn_at__isnull=True).values_list("pk", flat=True))
        withdraw(ids, why=f"Bank {bank} was retired.", actor=actor)
        now = timezone.now()
        Source.objects.filter(bank=kept, disabled_at__isnull=True).update(disabled_at=now, next_at=None)
        kept.retired_at = now
        kept.save(update_fields=["retired_at"])
        record(Act.BANK_RETIRED, actor=actor, obj=f"bank:{bank}", payload={"entries": len(ids)})
