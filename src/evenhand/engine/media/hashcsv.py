"""Hash lists as CSV: `type,value,label,source,source_id,added_at,deleted`, of which only `value` is needed.

A first line with these names says in which order they stand; without one, lines are `hash` or `hash,label`. Rows with
the same `source_id` are hashes of one medium.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final

from evenhand.engine.media.hashkinds import LENGTHS, problem
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.model import Micros

NAMES: Final = ("type", "value", "label", "source", "source_id", "added_at", "deleted")
EXAMPLE: Final = "For example `type,value,label`, and in the next line `md5,9e107d9d372bb6826bd81d3542a419d6,advert`."
LONGEST_LINE: Final = 4 << 20
_OFTEN: Final = frozenset({"hash", "hash_value", "md5", "sha1", "sha256", "pdq", "kind", "signal_type", "content_id"})
"""What others call columns: a line of these is no row."""
_MOST_COLUMNS: Final = 50
_SHOWN: Final = 40
_IS_HASH = re.compile(r"[0-9a-f]{16,}")
_BY_DIGITS: Final = {32: "md5", 40: "sha1", 64: "pdq"}
_TRUE: Final = ("1", "true", "yes")
_FALSE: Final = ("", "0", "false", "no")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = tuple[int, Listed | Withdrawn | str]
"""Number of the line, and what it says, or a sentence why it says nothing."""


def read(lines: Iterable[str], *, kind: str = "", unknown: Callable[[str], str] | None = None) -> Iterator[Row]:
    """Every row, in order. `kind`: that of rows that do not say theirs; else 32 hex digits are md5, 40 sha1, 64 pdq.
    `unknown`: why a kind is not taken, in a sentence; by itself every kind is.

    Raises ValueError: the first line names columns, and they are not understood.
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
        yield number, row(dict(zip(columns, cells, strict=False)), kind, unknown)


def left_out(first: str) -> list[str]:
    """Names in the first line that no column of ours has: what stands there is not read."""
    named = [cell.lower() for cell in _cells(first.lstrip("\ufeff").strip())]
    return [name for name in named if name and name not in NAMES] if "value" in named else []


def _cells(text: str) -> list[str]:
    if '"' not in text:
        return [cell.strip() for cell in text.split(",")]
    try:
        return [cell.strip() for cell in next(csv.reader([text]))]
    except csv.Error:
        return [text]


def _columns(cells: list[str]) -> tuple[str, ...] | None:
    """None: the line is a row. Raises ValueError, in sentences."""
    named = tuple(cell.lower() for cell in cells[:_MOST_COLUMNS])
    if _IS_HASH.fullmatch(named[0]):
        return None
    others = [name for name in named if name not in NAMES]
    meant = {name: near[0] for name in others if (near := get_close_matches(name[:_SHOWN], NAMES, 1, 0.75))}
    if "value" in named and not meant:
        return named
    if not (set(named) & {"value", "type", "source_id", *_OFTEN} or meant):
        return None
    told = ", ".join(
        f"`{name[:_SHOWN]}`" + (f" (did you mean `{meant[name]}`?)" if name in meant else "") for name in others
    )
    why = (
        f"The first line names columns that are not understood: {told}." if others else "The first line names columns."
    )
    if "value" not in named:
        why += " A column `value` is needed, with the hash in hex."
    raise ValueError(f"{why} Known: {', '.join(NAMES)}. {EXAMPLE}")


def row(cells: dict[str, str], kind: str, unknown: Callable[[str], str] | None) -> Listed | Withdrawn | str:
    """What its cells say, by column; or a sentence why they say nothing."""
    try:
        return _said(cells, kind, unknown)
    except ValueError as why:
        return str(why)


def _said(cells: dict[str, str], kind: str, unknown: Callable[[str], str] | None) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    kind = cells.get("type", "").lower() or kind
    if kind and unknown and (told := unknown(kind)):
        raise ValueError(told)
    kind, value = _hash(cells.get("value", ""), kind)
    at = _moment(cells.get("added_at", ""))
    key = cells.get("source_id") or f"{kind}:{value[:100].hex()}"
    if _truth(cells.get("deleted", "").lower()):
        return Withdrawn(key=key, reason="Its list says that it is deleted.")
    return Listed(key=key, hashes={kind: value}, classification=cells.get("label", ""), at=at)


def _hash(written: str, kind: str) -> tuple[str, bytes]:
    kind = kind or _BY_DIGITS.get(len(written), "")
    if not kind:
        known = ", ".join(LENGTHS)
        raise ValueError(f"“{written[:40]}”: of which kind is it? {known} or another, in the column `type`. {EXAMPLE}")
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
