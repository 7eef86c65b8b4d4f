"""What the desk holds open cases on and does not know: subjects and authors with nothing but an id, or in part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evenhand.desk import sql
from evenhand.engine.model import Micros, Ref

MOST_CASES = 2_000
_NEEDED = """
LEFT JOIN intake_item i ON i.item_type = w.item_type AND i.item_id = w.item_id
WHERE (i.partial IS NULL OR i.partial) AND (
 EXISTS (SELECT 1 FROM cases_case c
  WHERE c.state = 'open' AND c.item_type = w.item_type AND c.item_id = w.item_id)
 OR EXISTS (SELECT 1 FROM cases_case c
  WHERE c.state = 'open' AND c.author_type = w.item_type AND c.author_id = w.item_id))
"""
"""Of the rows `w`, those that are still unknown, and subject or author of an open case."""


class Place(NamedTuple):
    """Where in the order of changes a look ended."""

    changed_at: Micros
    case: int


class Looked(NamedTuple):
    """What a look found. `end` is None when there was nothing to look at."""

    refs: set[Ref]
    end: Place | None


class Failing(NamedTuple):
    """Items that cannot be had, since when at the latest, and what the newest answer was."""

    items: int
    since: Micros
    fault: str


def look(place: Place) -> Looked:
    """Unknown subjects and authors of the next open cases that changed after `place`, at most 2,000 cases."""
    rows = sql.rows(
        "SELECT c.changed_at, c.id, c.item_type, c.item_id, s.partial, c.author_type, c.author_id, a.partial"
        " FROM cases_case c"
        " LEFT JOIN intake_item s ON s.item_type = c.item_type AND s.item_id = c.item_id"
        " LEFT JOIN intake_item a ON a.item_type = c.author_type AND a.item_id = c.author_id"
        " WHERE c.state = 'open' AND (c.changed_at, c.id) > (%s, %s) ORDER BY c.changed_at, c.id LIMIT %s",
        (*place, MOST_CASES),
    )
    if not rows:
        return Looked(set(), None)
    subjects = {Ref(*row[2:4]) for row in rows if _is_unknown(row[4])}
    authors = {Ref(*row[5:7]) for row in rows if row[6] and _is_unknown(row[7])}
    return Looked(subjects | authors, Place(*rows[-1][:2]))


def _is_unknown(partial: object) -> bool:
    """Of an item's column `partial`, as both databases give it; None without a row."""
    return partial is None or bool(partial)


def needed(refs: Sequence[Ref]) -> set[Ref]:
    """Those of these items that open cases still lack."""
    if not refs:
        return set()
    values, parameters = sql.among(refs)
    found = sql.rows(
        f"WITH w(item_type, item_id) AS {values} SELECT w.item_type, w.item_id FROM w {_NEEDED}",  # noqa: S608 (constant text and marks)
        parameters,
    )
    return {Ref(*row) for row in found}


def asked(refs: Sequence[Ref], since: Micros) -> set[Ref]:
    """Those of these items that are to be asked for anyway, or were asked for since then."""
    if not refs:
        return set()
    values, parameters = sql.among(refs)
    found = sql.rows(
        f"SELECT item_type, item_id FROM cases_wanted WHERE (item_type, item_id) IN {values}"  # noqa: S608 (constant text and marks)
        " AND (due_at IS NOT NULL OR asked_at >= %s)",
        [*parameters, since],
    )
    return {Ref(*row) for row in found}


def failing() -> Failing | None:
    """What open cases lack because the platform's answers cannot be used."""
    faulty = f"FROM cases_wanted w {_NEEDED} AND w.fault <> ''"
    [(count, since)] = sql.rows(f"SELECT count(*), min(w.since) {faulty}")
    if not count:
        return None
    [(fault,)] = sql.rows(f"SELECT w.fault {faulty} ORDER BY w.asked_at DESC LIMIT 1")
    return Failing(count, since, fault)
