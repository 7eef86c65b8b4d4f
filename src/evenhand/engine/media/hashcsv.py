"""Hash lists as CSV: `type,value,label,source,source_id,added_at,deleted`, of which only `value` is needed.

A first line with these names says in which order they stand; without one, lines are `hash` or `hash,label`. Rows with
the same `source_id` are hashes of one medium.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from evenhand.engine.media.hashkinds import LENGTHS, problem
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.model import Micros

NAMES: Final = ("type", "value", "label", "source", "source_id", "added_at", "deleted")
LONGEST_LINE: Final = 4 << 20
_BY_DIGITS: Final = {32: "md5", 40: "sha1", 64: "pdq"}
_TRUE: Final = ("1", "true", "yes")
_FALSE: Final = ("", "0", "false", "no")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = tuple[int, Listed | Withdrawn | str]
"""Number of the line, and what it says, or a sentence why it says nothing."""


def read(lines: Iterable[str], *, kind: str = "") -> Iterator[Row]:
    """Every row, in order. `kind`: that of rows that do not say theirs; else 32 hex digits are md5, 40 sha1, 64 pdq.

    Raises ValueError: the first line names columns, and `value` is not among them.
    """
    columns: tuple[str, ...] | None = None
    for number, line in enumerate(lines, 1):
        text = line.lstrip("\ufeff").strip() if number == 1 else line.strip()
        if not text or text.startswith("#"):
            continue
        if len(text) > LONGEST_LINE:
            yield number, f"The line is longer than {LONGEST_LINE:,} characters."
            continue
        cells = _cells(text)
        if columns is None:
            columns = _columns(cells)
            if columns is not None:
                continue
            columns = ("value", "label")
        yield number, _row(dict(zip(columns, cells, strict=False)), kind)


def _cells(text: str) -> list[str]:
    if '"' not in text:
        return [cell.strip() for cell in text.split(",")]
    try:
        return [cell.strip() for cell in next(csv.reader([text]))]
    except csv.Error:
        return [text]


def _columns(cells: list[str]) -> tuple[str, ...] | None:
    named = tuple(cell.lower() for cell in cells)
    if not set(named) & {"value", "type", "source_id"}:
        return None
    if "value" not in named:
        raise ValueError(f"The first line names columns, and `value` is not among them. Known: {', '.join(NAMES)}.")
    return named


def _row(cells: dict[str, str], kind: str) -> Listed | Withdrawn | str:
    try:
        return _said(cells, kind)
    except ValueError as why:
        return str(why)


def _said(cells: dict[str, str], kind: str) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    kind, value = _hash(cells.get("value", ""), cells.get("type", "").lower() or kind)
    at = _moment(cells.get("added_at", ""))
    key = cells.get("source_id") or f"{kind}:{value[:100].hex()}"
    if _truth(cells.get("deleted", "").lower()):
        return Withdrawn(key=key, reason="Its list says that it is deleted.")
    return Listed(key=key, hashes={kind: value}, classification=cells.get("label", ""), at=at)


def _hash(written: str, kind: str) -> tuple[str, bytes]:
    kind = kind or _BY_DIGITS.get(len(written), "")
    if not kind:
        known = ", ".join(LENGTHS)
        raise ValueError(f"“{written[:40]}”: of which kind is it? {known} or another, in the column `type`.")
    try:
        value = bytes.fromhex(written)
    except ValueError:
        raise ValueError(f"“{written[:40]}” is no {kind} hash: hex digits are needed.") from None
    if told := problem(kind, value):
        raise ValueError(told)
    return kind, value


def _truth(written: str) -> bool:
    if written not in (*_TRUE, *_FALSE):
        raise ValueError(f"`deleted` is true or false, not “{written[:20]}”.")
    return written in _TRUE


def _moment(written: str) -> Micros | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"`added_at` is a date in ISO 8601 (2026-01-31T12:00:00Z), not “{written[:40]}”.") from None
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    return (aware - _EPOCH) // timedelta(microseconds=1)


def joined(rows: Iterable[Listed | Withdrawn]) -> Iterator[Listed | Withdrawn]:
    """Hashes of one medium together, wherever their rows stand. What has its hash for a key goes through at once; the
    others are held until the end."""
    held: dict[str, Listed | Withdrawn] = {}
    for one in rows:
        if isinstance(one, Listed) and one.key == _own_key(one):
            yield one
            continue
        before = held.get(one.key)
        if isinstance(one, Listed) and isinstance(before, Listed):
            at = max((time for time in (before.at, one.at) if time is not None), default=None)
            hashes = {**before.hashes, **one.hashes}
            held[one.key] = Listed(key=one.key, hashes=hashes, classification=one.classification, at=at)
        else:
            held[one.key] = one
    yield from held.values()


def _own_key(one: Listed) -> str:
    [(kind, value), *_] = one.hashes.items()
    return f"{kind}:{value[:100].hex()}"
