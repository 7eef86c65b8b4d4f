"""Whether a list is a voice of its own: measured when it was taken in, so that nothing is counted when media match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.fields import now_micros
from evenhand.desk.media.models import Alike, Match, Source
from evenhand.desk.media.queries.voices import COPIES
from evenhand.desk.media.services import retelling
from evenhand.desk.media.services.sources import FILE
from evenhand.desk.signals import services as signals
from evenhand.engine.model import Signal

SAMPLE: Final = 1_000
"""Media of a list that are looked up in the others: a share is known to 4 points (two standard deviations)."""
_AT_ONCE: Final = 900
_POINTERS: Final = ("_env", "_file")
_STANDS: Final = "withdrawn_at IS NULL AND review <> 'rejected'"
_DIGEST_BYTES: Final = 16
_LAST: Final = (1 << 8 * _DIGEST_BYTES) - 1


def taken_in(source: Source, *, changed: bool) -> None:
    """After the list was taken in: it is compared when it is another than before."""
    if changed or source.compared_at is None:
        compare(source)
    else:
        Source.objects.filter(pk=source.pk).update(compared_at=timezone.now())


def compare_due() -> None:
    """Lists that nobody compared, or that changed when somebody was killed before he did."""
    due = Source.objects.filter(Q(compared_at__isnull=True) | Q(compared_at__lt=F("last_ok")))
    for source in due.filter(last_ok__isnull=False, removed_at__isnull=True):
        compare(source)


def compare(source: Source) -> None:
    """Which others it is alike. A second or two for lists of a million, in which nothing is locked."""
    now = timezone.now()
    is_new = source.compared_at is None
    shared = _shares(source)
    alike: list[Alike] = []
    for other in Source.objects.filter(removed_at__isnull=True).exclude(pk=source.pk):
        here, there = shared.get(other.pk, 0.0), _shares(other, source).get(source.pk, 0.0)
        owned = _same_owner(source, other)
        if owned or max(here, there) >= COPIES:
            alike.append(Alike(one=source, other=other, share=None if owned else here))
            alike.append(Alike(one=other, other=source, share=None if owned else there))
    with transaction.atomic():
        Alike.objects.filter(Q(one=source) | Q(other=source)).delete()
        Alike.objects.bulk_create(alike, update_conflicts=True, unique_fields=["one", "other"], update_fields=["share"])
        Source.objects.filter(pk=source.pk).update(compared_at=now)
    if is_new:
        _confirm(source)


def _confirm(source: Source) -> None:
    """While it was taken in for the first time it was no second voice. Now that it may be one, open cases are told."""
    mine = Match.objects.filter(entry__source=source, withdrawn_at__isnull=True).exclude(medium="")
    beside = Match.objects.filter(medium=OuterRef("medium"), withdrawn_at__isnull=True).exclude(entry__source=source)
    shared = list(mine.filter(Exists(beside)).values_list("medium", flat=True).distinct())
    for some in sql.batched(shared, _AT_ONCE):
        with transaction.atomic():
            matches = Match.objects.filter(medium__in=some, withdrawn_at__isnull=True).select_related("bank")
            told = [signal for one in retelling.media_of(matches) if (signal := _more_than_before(one))]
            if told:
                signals.tell(told)


def _more_than_before(one: retelling.Touched) -> Signal | None:
    if cases.open_review(one.ref) is None:
        return None
    before = [said for said in retelling.said(one.ref, one.bank) if said.evidence.get("medium") == one.medium]
    after = retelling.as_it_stands(one, now_micros())
    return after if before and after.probability > before[0].probability else None


def _same_owner(one: Source, other: Source) -> bool:
    """Of two files nobody knows whose they are: what is in them tells."""
    return one.kind == other.kind != FILE and _place(one) == _place(other)


def _place(source: Source) -> dict[str, Any]:
    """Where a list is, whatever secrets it is asked with."""
    return {name: value for name, value in source.config.items() if not name.endswith(_POINTERS)}


def _shares(source: Source, other: Source | None = None) -> dict[int, float]:
    """Of the media of a list, which share each other list has, or this one: by any hash that is the same."""
    rows = _sample(source)
    media = len({key for key, _kind, _digest in rows})
    found: dict[int, set[str]] = {}
    for kind in {kind for _key, kind, _digest in rows}:
        keys: dict[bytes, set[str]] = {}
        for key, of, digest in rows:
            if of == kind:
                keys.setdefault(digest, set()).add(key)
        for list_, digest in _elsewhere(source, other, kind, list(keys)):
            found.setdefault(list_, set()).update(keys[digest])
    return {list_: len(keys) / media for list_, keys in found.items()}


def _sample(source: Source) -> list[tuple[str, str, bytes]]:
    """Key, kind and digest of all hashes of some media: by their digests, which are as good as drawn by lot."""
    [(count,)] = sql.rows("SELECT count(*) FROM media_entry WHERE source_id = %s", (source.pk,))
    until = min(_LAST, _LAST * SAMPLE // max(1, count)).to_bytes(_DIGEST_BYTES)
    drawn = sql.rows("SELECT DISTINCT key FROM media_entry WHERE source_id = %s AND digest <= %s", (source.pk, until))
    rows: list[tuple[str, str, bytes]] = []
    for some in sql.batched([key for (key,) in drawn], _AT_ONCE):
        one_of_them, parameters = sql.within(some)
        rows += (
            (key, kind, bytes(digest))
            for key, kind, digest in sql.rows(
                f"SELECT key, kind, digest FROM media_entry WHERE source_id = %s AND key {one_of_them} AND {_STANDS}",  # noqa: S608 (marks, constants)
                (source.pk, *parameters),
            )
        )
    return rows


def _elsewhere(
    source: Source, other: Source | None, kind: str, digests: Sequence[bytes]
) -> Iterator[tuple[int, bytes]]:
    """List and digest, of what other lists have."""
    whose, who = ("source_id = %s", other.pk) if other else ("source_id <> %s", source.pk)
    for some in sql.batched(digests, _AT_ONCE):
        one_of_them, parameters = sql.within(some)
        for list_, digest in sql.rows(
            f"SELECT source_id, digest FROM media_entry WHERE kind = %s AND digest {one_of_them} AND {whose}"  # noqa: S608 (marks, constants)
            f" AND {_STANDS}",
            (kind, *parameters, who),
        ):
            yield list_, bytes(digest)
