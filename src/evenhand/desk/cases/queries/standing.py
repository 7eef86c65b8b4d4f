"""Open cases with what their places follow from, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from django.db import connection
from msgspec import Struct

from evenhand.desk import sql
from evenhand.engine.model import Micros
from evenhand.engine.triage.basis import Basis

AT_ONCE = 20_000
_DECODER = msgspec.json.Decoder(Basis)


class Standing(Struct, frozen=True):
    """An open review case where it stands now. `basis` is None when it was ranked before the desk kept one."""

    id: int
    lane: int
    rank: float
    basis: Basis | None


def standing(at_once: int = AT_ONCE) -> Iterator[list[Standing]]:
    """All of them, by id, in parts of at most so many."""
    found = _part(0, at_once)
    while found:
        yield found
        found = _part(found[-1].id, at_once)


def ranked_at(case_ids: Sequence[int]) -> dict[int, Micros]:
    """When each of these was ranked last, as far as the desk kept it."""
    if not case_ids:
        return {}
    found = sql.rows(
        f"SELECT id, {basis_column()} FROM cases_case WHERE id IN {sql.marks(case_ids)}",  # noqa: S608 (marks and a constant)
        case_ids,
    )
    return {id_: _DECODER.decode(kept).at for id_, kept in found if kept}


def _part(after: int, most: int) -> list[Standing]:
    rows = sql.rows(
        f"SELECT id, lane, rank, {basis_column()} FROM cases_case"  # noqa: S608 (a constant)
        " WHERE state = 'open' AND kind <> 'appeal' AND id > %s ORDER BY id LIMIT %s",
        (after, most),
    )
    return [Standing(id_, lane, rank, _DECODER.decode(kept) if kept else None) for id_, lane, rank, kept in rows]


def basis_column() -> str:
    """The part of `why` that says it, as JSON text."""
    return "(why -> 'basis')::text" if connection.vendor == "postgresql" else "json_extract(why, '$.basis')"
