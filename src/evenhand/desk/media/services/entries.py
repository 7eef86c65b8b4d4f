"""Entries of lists, taken in page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.media import hashes
from evenhand.desk.media.errors import Invalid
from evenhand.desk.media.models import Change, Entry, Source
from evenhand.desk.media.services import changes
from evenhand.desk.media.services.withdrawing import withdraw
from evenhand.engine.media.listing import Listed, Withdrawn

_COLUMNS = (
    "bank_id", "source_id", "key", "kind", "value", "digest", "classification", "tags", "note", "list_version",
    "listed_at", "first_seen", "last_seen", "withdrawn_why", "review", "upheld", "dismissed",
)  # fmt: skip
_LONGEST_KEY = 255
LONGEST_NOTE = 255
_LONGEST_CLASS = 64
_MOST_TAGS = 50


class Counts(Struct, frozen=True):
    """What taking in a page changed, in listed media."""

    added: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    refused: tuple[str, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.added + other.added,
            self.withdrawn + other.withdrawn,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
        )


class _Row(NamedTuple):
    """A hash that is kept."""

    id: int
    key: str
    kind: str
    digest: bytes
    withdrawn_at: int | None
    listed_at: int | None
    review: str

    @property
    def matches(self) -> bool:
        return self.withdrawn_at is None and self.review != Entry.Review.REJECTED


def upsert(source: Source, given: Sequence[Listed | Withdrawn], *, version: str = "") -> Counts:
    """In the caller's transaction: take in what a list says, at most some thousand changes. Taken in twice it changes
    nothing the second time; of two changes of one key the later counts, by their times where they have any. What is
    withdrawn takes with it whatever rested on it alone."""
    latest, refused = _latest(given)
    known: dict[str, list[_Row]] = {}
    for row in _known(source, list(latest)):
        known.setdefault(row.key, []).append(row)
    plan = _Plan()
    for key, change in latest.items():
        plan.take(change, known.get(key, []))
    _write(source, plan, version)
    return Counts(len(plan.added), len(plan.gone), plan.unchanged, tuple(refused))


class _Plan:
    """What is to be written."""

    def __init__(self) -> None:
        self.new: list[Listed] = []
        self.again: list[_Row] = []
        self.seen: list[tuple[Listed, int]] = []
        self.times: list[tuple[int, int]] = []
        """When its list took it back, and the row."""
        self.ended: dict[str, list[int]] = {}
        self.added: set[str] = set()
        self.gone: set[str] = set()
        self.unchanged = 0

    def take(self, change: Listed | Withdrawn, known: Sequence[_Row]) -> None:
        standing = [row for row in known if row.withdrawn_at is None]
        if _is_older(change, known):
            self.unchanged += 1
        elif isinstance(change, Withdrawn):
            self._end(standing, change.reason or "Its list took it back.")
            self.times += [(change.at, row.id) for row in known if change.at is not None]
            self.gone |= {change.key} if standing else set()
            self.unchanged += not standing
        else:
            self._list(change, known, standing)

    def _list(self, change: Listed, known: Sequence[_Row], standing: Sequence[_Row]) -> None:
        wanted = {(kind, hashes.digest(value)) for kind, value in change.hashes.items()}
        here = {(row.kind, row.digest) for row in known}
        self._end([row for row in standing if (row.kind, row.digest) not in wanted], "Its list gave it another hash.")
        again = [row for row in known if row.withdrawn_at is not None and (row.kind, row.digest) in wanted]
        self.again += again
        self.seen += [(change, row.id) for row in known if (row.kind, row.digest) in wanted]
        if wanted - here:
            self.new.append(change)
        if again or wanted - here:
            self.added.add(change.key)
        else:
            self.unchanged += 1

    def _end(self, rows: Iterable[_Row], why: str) -> None:
        for row in rows:
            self.ended.setdefault(why, []).append(row.id)


def _latest(given: Sequence[Listed | Withdrawn]) -> tuple[dict[str, Listed | Withdrawn], list[str]]:
    """By key the change that counts; and what cannot be taken, a sentence each."""
    latest: dict[str, Listed | Withdrawn] = {}
    refused = []
    for change in given:
        if problem := problem_of(change):
            refused.append(f"{change.key[:60]}: {problem}")
            continue
        before = latest.get(change.key)
        if before is None or before.at is None or change.at is None or change.at >= before.at:
            latest[change.key] = change
    return latest, refused


def problem_of(change: Listed | Withdrawn) -> str:
    if not 0 < len(change.key) <= _LONGEST_KEY:
        return f"Its key has 1 to {_LONGEST_KEY} characters, not {len(change.key)}."
    if isinstance(change, Listed):
        try:
            hashes.check_all(change.hashes)
        except Invalid as invalid:
            return str(invalid)
    return ""


def _is_older(change: Listed | Withdrawn, known: Sequence[_Row]) -> bool:
    times = [row.listed_at for row in known if row.listed_at is not None]
    return change.at is not None and bool(times) and change.at < max(times)


def _known(source: Source, keys: Sequence[str]) -> list[_Row]:
    if not keys:
        return []
    one_of_them, parameters = sql.within(keys)
    found = sql.rows(
        "SELECT id, key, kind, digest, withdrawn_at, listed_at, review FROM media_entry"  # noqa: S608 (marks only)
        f" WHERE source_id = %s AND key {one_of_them}",
        (source.pk, *parameters),
    )
    return [_Row(id_, key, kind, bytes(digest), *rest) for id_, key, kind, digest, *rest in found]


def _write(source: Source, plan: _Plan, version: str) -> None:
    now = now_micros()
    for why, ids in plan.ended.items():
        withdraw(ids, why=why, actor=f"system:list {source.name}")
    _again(plan.again)
    sql.run_many("UPDATE media_entry SET listed_at = %s WHERE id = %s", plan.times)
    sql.run_many(
        "UPDATE media_entry SET last_seen = %s, listed_at = %s, classification = %s, tags = %s, list_version = %s"
        " WHERE id = %s",
        [(now, one.at, one.classification[:_LONGEST_CLASS], _tags(one), version[:128], id_) for one, id_ in plan.seen],
    )
    insert(source.bank_id, source.pk, plan.new, version)


def _again(rows: Sequence[_Row]) -> None:
    """Listed once more: they match again, those that were rejected here excepted."""
    sql.run_many(
        "UPDATE media_entry SET withdrawn_at = NULL, withdrawn_why = '' WHERE id = %s", [(row.id,) for row in rows]
    )
    matching = [(row.id, row.kind) for row in rows if row.review != Entry.Review.REJECTED]
    changes.tell(Change.Kind.ADDED, matching)


def insert(bank: int, source: int | None, listed: Sequence[Listed], version: str = "") -> list[tuple[int, str]]:
    """New hashes; those that are there already stay as they are. Ids and kinds of the new ones."""
    if not listed:
        return []
    now = now_micros()
    [(before,)] = sql.rows("SELECT coalesce(max(id), 0) FROM media_entry")
    sql.insert_many(
        "media_entry",
        _COLUMNS,
        [
            (
                bank, source, one.key, kind, value, hashes.digest(value), one.classification[:_LONGEST_CLASS],
                msgspec.Raw(_tags(one).encode()), one.note[:LONGEST_NOTE], version[:128], one.at, now, now, "", "",
                0, 0,
            )
            for one in listed
            for kind, value in one.hashes.items()
        ],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    one_of_them, keys = sql.within([one.key for one in listed])
    same = "source_id = %s" if source is not None else "source_id IS NULL AND bank_id = %s"
    found = sql.rows(
        f"SELECT id, kind FROM media_entry WHERE {same} AND id > %s AND key {one_of_them} ORDER BY id",  # noqa: S608 (constant parts, marks)
        (source if source is not None else bank, before, *keys),
    )
    added = [(id_, kind) for id_, kind in found]
    changes.tell(Change.Kind.ADDED, added)
    return added


def _tags(one: Listed) -> str:
    return msgspec.json.encode([tag[:64] for tag in one.tags[:_MOST_TAGS]]).decode()
