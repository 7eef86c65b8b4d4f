"""What a hash is near: the entries that match now, with their banks and the records of their lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.media.hashes import digest
from evenhand.desk.media.queries import known, voices
from evenhand.engine.detect.knownmedia import PERCEPTUAL, STATE, Near

_MOST_IDS = 900
"""In one statement."""
_FACTS: Final = (
    "SELECT e.id, e.kind, b.name, b.policy, b.hold, b.hold_hours, b.severity, b.radius, b.enabled_share,"
    " coalesce(s.name, ''), coalesce(s.upheld, 0), coalesce(s.dismissed, 0)"
    " FROM media_entry e JOIN media_bank b ON b.id = e.bank_id LEFT JOIN media_source s ON s.id = e.source_id"
    " WHERE e.withdrawn_at IS NULL AND e.review <> 'rejected' AND b.retired_at IS NULL"
    " AND (e.disabled_until IS NULL OR e.disabled_until < %s)"
)


class _Fact(Struct, frozen=True):
    """An entry that matches, and what its bank says."""

    near: Near
    radius: int
    share: float


def provide(keys: Sequence[str]) -> dict[str, list[Near]]:
    """State of the fold that this room keeps: `known:<kind>:<hex>` → what is near."""
    wanted: dict[str, list[bytes]] = {}
    for key in keys:
        kind, _, value = key.removeprefix(STATE).partition(":")
        wanted.setdefault(kind, []).append(bytes.fromhex(value))
    return {
        f"{STATE}{kind}:{value.hex()}": near
        for kind, values in wanted.items()
        for value, near in match(kind, values).items()
        if near
    }


def match(kind: str, values: Sequence[bytes], *, share: bool = True) -> dict[bytes, list[Near]]:
    """Of each hash, the entries near it that match now, the nearest first. `share`: banks that are on for a share of
    the media take part for that share, always the same."""
    if not any_bank() or not values:
        return {}
    found = _near(kind, values) if kind in PERCEPTUAL else same(kind, values)
    facts = _facts(sorted({entry for near in found.values() for entry, _ in near}))
    return {
        value: [
            _at(facts[entry].near, distance)
            for entry, distance in near
            if entry in facts and distance <= facts[entry].radius and (not share or _takes_part(facts[entry], value))
        ]
        for value, near in found.items()
    }


def near(matched: Sequence[tuple[int, int]]) -> list[Near | None]:
    """Of entries at these distances, what they and their banks say now; None of what matches no longer."""
    facts = _facts(sorted({entry for entry, _distance in matched}))
    return [_at(facts[entry].near, distance) if entry in facts else None for entry, distance in matched]


def any_bank() -> bool:
    """Whether media are matched at all."""
    return bool(sql.rows("SELECT 1 FROM media_bank WHERE retired_at IS NULL LIMIT 1"))


def _near(kind: str, values: Sequence[bytes]) -> Mapping[bytes, list[tuple[int, int]]]:
    """Each hash is asked once of each index: a film's frames are held against films and pictures."""
    found: dict[bytes, list[tuple[int, int]]] = {}
    different = list(dict.fromkeys(values))
    for one in known.NEAR[kind]:
        for value, near in zip(different, known.at_hand(one).search_many(different), strict=True):
            found.setdefault(value, []).extend(near)
    return {value: sorted(near, key=itemgetter(1)) for value, near in found.items()}


def same(kind: str, values: Sequence[bytes]) -> Mapping[bytes, list[tuple[int, int]]]:
    """Entries of exactly these hashes, and their distance, which is 0. Looked up in the database: it is always as of
    now, and takes no memory."""
    by_digest = {digest(value): value for value in values}
    found: dict[bytes, list[tuple[int, int]]] = {}
    for some in sql.batched(list(by_digest), _MOST_IDS):
        one_of_them, parameters = sql.within(some)
        for entry, hashed in sql.rows(
            f"SELECT id, digest FROM media_entry WHERE kind = %s AND digest {one_of_them} AND withdrawn_at IS NULL",  # noqa: S608 (marks only)
            (kind, *parameters),
        ):
            found.setdefault(by_digest[bytes(hashed)], []).append((entry, 0))
    return found


def _facts(ids: Sequence[int]) -> dict[int, _Fact]:
    rows: list[tuple[Any, ...]] = []
    for some in sql.batched(ids, _MOST_IDS):
        one_of_them, parameters = sql.within(some)
        rows += sql.rows(f"{_FACTS} AND e.id {one_of_them}", (now_micros(), *parameters))
    alike = voices.alike() if rows else {}
    return {row[0]: _fact(alike, *row) for row in rows}


def _fact(alike: Mapping[str, tuple[str, ...]], id_: int, kind: str, bank: str, policy: str, *rest: Any) -> _Fact:
    hold, hours, severity, radius, share, source, upheld, dismissed = rest
    near = Near(
        entry=id_, bank=bank, policy=policy, list=source, kind=kind, hold=hold, hours=hours, severity=severity,
        upheld=upheld, dismissed=dismissed, alike=alike.get(source, ()),
    )  # fmt: skip
    return _Fact(near, radius, share)


def _at(near: Near, distance: int) -> Near:
    return Near(**{name: getattr(near, name) for name in Near.__struct_fields__} | {"distance": distance})


def _takes_part(fact: _Fact, value: bytes) -> bool:
    """By the hash: the same medium is in or out at every look."""
    if fact.share >= 1:
        return True
    drawn = int.from_bytes(blake2b(fact.near.bank.encode() + value, digest_size=8).digest())
    return drawn < fact.share * (1 << 64)
