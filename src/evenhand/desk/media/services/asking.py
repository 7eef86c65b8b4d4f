"""A list that would suddenly withdraw a great part of itself waits for a person, who sees which entries would go."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.fields import now_micros
from evenhand.desk.media.errors import Invalid, NeedsConsent
from evenhand.desk.media.models import Entry, Going, Source
from evenhand.desk.media.services.sources import FILE, lock_source

SHARE: Final = 0.2
LEAST: Final = 100
"""A synchronisation that withdraws more than this share of a list, and more than so many, asks first."""
HALF: Final = 0.5
"""Of any number, where nobody said that they are withdrawn: they are only missing from a list that came whole."""
AT_ONCE: Final = 1_000


def ask_first(source: Source, named: Collection[str], *, missing: bool) -> None:
    """`named`: keys that would be withdrawn; `missing`: since the list, which came whole, does not name them any more.
    Raises NeedsConsent: it is much, and nobody agreed to it. The caller saves the source."""
    if len(named) > LEAST or (missing and named):
        gone, of = _standing_among(source, named), _standing(source)
        if _is_much(len(gone), of, missing=missing) and not _agreed(source, gone):
            _keep(source, gone, of)
            raise NeedsConsent(source.name, len(gone), of, from_file=source.kind == FILE)
    _settle(source)


def _is_much(gone: int, of: int, *, missing: bool) -> bool:
    return (gone > LEAST and gone > SHARE * of) or (missing and gone > HALF * of)


def consent(name: str, *, actor: str) -> Source:
    """A person agrees to the withdrawals that the last synchronisation stopped at, and to no others.
    Raises NoSuch, Invalid."""
    with transaction.atomic():
        source = lock_source(name)
        if source.asks is None:
            raise Invalid(f"List {name} asks for nothing.")
        source.consented = source.asks["withdraw"]
        source.next_at = timezone.now()
        source.save()
        record(Act.LIST_CONSENTED, actor=actor, obj=f"list:{name}", payload=source.asks)
    return source


def _standing(source: Source) -> int:
    return Entry.objects.filter(source=source, withdrawn_at__isnull=True).values("key").distinct().count()


def _standing_among(source: Source, keys: Collection[str]) -> list[str]:
    named = sorted(keys)
    found: list[str] = []
    for some in sql.batched(named, AT_ONCE):
        one_of_them, parameters = sql.within(some)
        rows = sql.rows(
            "SELECT DISTINCT key FROM media_entry WHERE source_id = %s AND withdrawn_at IS NULL"  # noqa: S608 (marks only)
            f" AND key {one_of_them}",
            (source.pk, *parameters),
        )
        found += [key for (key,) in rows]
    return sorted(found)


def _agreed(source: Source, gone: Collection[str]) -> bool:
    """To these: a list may have changed its mind since a person looked, but not taken more or others."""
    if len(gone) > source.consented:
        return False
    seen = set(Going.objects.filter(source=source).values_list("key", flat=True))
    return seen.issuperset(gone)


def _keep(source: Source, gone: list[str], of: int) -> None:
    """Written once for each new answer of the list, however often it is asked."""
    digest = sha256("\n".join(gone).encode()).hexdigest()[:32]
    before = source.asks or {}
    if before.get("digest") == digest:
        return
    with transaction.atomic():
        Going.objects.filter(source=source).delete()
        for some in sql.batched(gone, AT_ONCE):
            sql.insert_many("media_going", ("source_id", "key"), [(source.pk, key) for key in some])
    source.consented = 0
    source.asks = {"withdraw": len(gone), "of": of, "since": before.get("since") or now_micros(), "digest": digest}


def _settle(source: Source) -> None:
    if source.asks is not None:
        Going.objects.filter(source=source).delete()
    source.asks = None
