"""What came at somebody: answers to them and to what they made, items that name them, what stands in their threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.reading.pointers import PARENT, pointers
from evenhand.engine.model import Item, Micros, Ref

THREAD = "thread"
MOST = 2_000
MADE = 300
"""Of what they made, the newest: answers to older ones are not looked for."""


class Incoming(Struct, frozen=True):
    """An item that came at them, by whom and when it arrived. `how`: parent, thread, or the field that names them."""

    ref: Ref
    creator: Ref
    at: Micros
    how: str


def made_by(target: Ref) -> list[Ref]:
    found = sql.rows(
        "SELECT item_type, item_id FROM intake_item WHERE creator_type = %s AND creator_id = %s"
        " ORDER BY id DESC LIMIT %s",
        (*_key(target), MADE),
    )
    return [Ref(*row) for row in found]


def incoming(target: Ref, made: Sequence[Ref], since: Micros) -> list[Incoming]:
    """The newest 2,000 that arrived since then, the newest first, each once; what they made themselves is not."""
    found: dict[Ref, Incoming] = {}
    rows = sorted(_rows([target, *made], since), key=lambda row: (-row[2], row[3] != PARENT))
    for ref, creator, at, how in rows:
        if creator != target:
            found.setdefault(ref, Incoming(ref, creator, at, how))
    return list(found.values())[:MOST]


def _rows(at: Sequence[Ref], since: Micros) -> Iterator[tuple[Ref, Ref, Micros, str]]:
    columns = "i.item_type, i.item_id, i.creator_type, i.creator_id, i.first_seen"
    values, parameters = sql.among(at)
    pointed = sql.rows(
        f"SELECT {columns}, p.field FROM intake_pointer p JOIN intake_item i"  # noqa: S608 (constant text and marks)
        " ON i.item_type = p.item_type AND i.item_id = p.item_id"
        f" WHERE (p.to_type, p.to_id) IN {values} AND i.first_seen >= %s ORDER BY p.id DESC LIMIT %s",
        [*parameters, since, 2 * MOST],
    )
    stood = sql.rows(
        f"SELECT {columns}, '{THREAD}' FROM intake_item i WHERE (i.thread_type, i.thread_id) IN {values}"  # noqa: S608 (constant text and marks)
        " AND i.first_seen >= %s ORDER BY i.id DESC LIMIT %s",
        [*parameters, since, 2 * MOST],
    )
    for type_, id_, by_type, by_id, seen, how in (*pointed, *stood):
        yield Ref(type_, id_), Ref(by_type, by_id), seen, how


def targets(item: Item) -> list[Ref]:
    """At whom an item goes, who made what it answers first: makers of what it points at, users that it names, and what
    the desk knows by its id alone."""
    refs = [ref for _field, ref in pointers(item)]
    known = items.known(refs)
    found = [known[ref].item.creator if ref in known and known[ref].item.kind != "user" else ref for ref in refs]
    return list(dict.fromkeys(filter(None, found)))


class Reported(Struct, frozen=True):
    reports: int
    reporters: int


def reported(refs: Sequence[Ref]) -> Reported:
    """Reports about these items."""
    if not refs:
        return Reported(0, 0)
    values, parameters = sql.among(refs)
    [(reports, reporters)] = sql.rows(
        "SELECT coalesce(sum(n), 0), count(*) FROM (SELECT count(*) AS n FROM intake_report"  # noqa: S608 (constant text and marks)
        f" WHERE (item_type, item_id) IN {values} GROUP BY reporter_kind, reporter_type, reporter_id) AS by_reporter",
        parameters,
    )
    return Reported(int(reports), reporters)


def _key(ref: Ref) -> tuple[str, str]:
    return ref.type, ref.id
