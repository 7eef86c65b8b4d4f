"""Finds items by their words or by their exact id, the newest first.

SQLite reads its index from the newest row downwards and stops when it has enough. PostgreSQL's GIN cannot: it is asked
for the newest block of arrivals first, then for a bounded number of all, and for block after block when that is too
many. It is held to GIN, since its guesses of how often words meet are wrong by orders of magnitude.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from django.db import connection, transaction

from evenhand.desk import sql
from evenhand.engine.model import Ref
from evenhand.engine.text.unspaced import is_single, pairs, split

Kind = Literal["user", "content", "thread"]
BLOCK_BITS = 16
FEW = 5_000
"""So many matches are sorted at once; more are asked for by block."""
MOST_PHRASES = 10
MOST_WORDS = 30
LONGEST_QUERY = 500
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")


def phrases(query: str) -> list[list[str]]:
    """What must all be found: a list of words stands for these words in this order.

    Quotation marks hold words together; so does what is written without a space, such as an address. In scripts that
    put no spaces between words, what is asked for may stand inside a longer run: see `engine.text.unspaced`.
    """
    parts = [part for quoted, bare in _PHRASE.findall(query[:LONGEST_QUERY]) for part in _indexed(quoted or bare)]
    return [part[:MOST_WORDS] for part in parts if part][:MOST_PHRASES]


def _indexed(part: str) -> list[list[str]]:
    """Its words as the index has them. A single character of a run has no place there: it is asked for by itself."""
    together: list[list[str]] = [[]]
    for piece, unspaced in split(part):
        words = pairs(piece) if unspaced else _WORD.findall(piece)
        if unspaced and is_single(piece):
            together += [words, []]
        else:
            together[-1] += words
    return together


def numbers(query: str, *, kinds: Sequence[Kind], before: int | None = None, limit: int) -> list[int]:
    """Numbers (`items.Known.number`) under `before` of the newest items of these kinds with all of the query."""
    wanted = phrases(query)
    if not wanted or not kinds:
        return []
    search = _sqlite if connection.vendor == "sqlite" else _postgres
    return search(wanted, kinds, before, limit)


def by_ids(ids: Sequence[str], types: Sequence[str]) -> list[Ref]:
    """Items of these types with exactly one of these ids, in the order of the ids."""
    if not types or not ids:
        return []
    found = sql.rows(
        f"SELECT item_type, item_id FROM intake_item WHERE item_type IN {sql.marks(types)}"  # noqa: S608 (constant text and marks)
        f" AND item_id IN {sql.marks(ids)}",
        (*types, *ids),
    )
    return sorted([Ref(*row) for row in found], key=lambda ref: ids.index(ref.id))


def _sqlite(wanted: list[list[str]], kinds: Sequence[Kind], before: int | None, limit: int) -> list[int]:
    text = " AND ".join(f'text : "{" ".join(phrase)}"' for phrase in wanted)
    kind = " OR ".join(f'kind : "{one}"' for one in kinds)
    below = "AND rowid < %s" if before is not None else ""
    found = sql.rows(
        f"SELECT rowid FROM intake_item_words WHERE intake_item_words MATCH %s {below} ORDER BY rowid DESC LIMIT %s",  # noqa: S608 (constant text and marks)
        [f"({text}) AND ({kind})", *([before] if before is not None else []), limit],
    )
    return [number for (number,) in found]


@transaction.atomic
def _postgres(wanted: list[list[str]], kinds: Sequence[Kind], before: int | None, limit: int) -> list[int]:
    if before is None:
        before = (sql.rows("SELECT max(id) FROM intake_item")[0][0] or 0) + 1
    sql.run("SET LOCAL enable_seqscan = off")
    sql.run("SET LOCAL enable_indexscan = off")
    words = " && ".join(["phraseto_tsquery('simple', %s)"] * len(wanted))
    match = f"{words} && %s::tsquery", [*map(" ".join, wanted), " | ".join(f"'§{one}'" for one in kinds)]
    newest = (before - 1) >> BLOCK_BITS
    found = _in_block(match, newest, before, limit)
    if len(found) == limit or newest == 0:
        return found
    some = _some(match, before)
    if len(some) <= FEW:
        return sorted(some, reverse=True)[:limit]
    for block in range(newest - 1, -1, -1):
        found += _in_block(match, block, before, limit - len(found))
        if len(found) == limit:
            break
    return found


_Match = tuple[str, list[str]]


def _in_block(match: _Match, block: int, before: int, limit: int) -> list[int]:
    words, parameters = match
    found = sql.rows(
        f"SELECT id FROM intake_item WHERE words @@ ({words} && %s::tsquery) AND id < %s ORDER BY id DESC LIMIT %s",  # noqa: S608 (constant text and marks)
        [*parameters, f"'§{block}'", before, limit],
    )
    return [number for (number,) in found]


def _some(match: _Match, before: int) -> list[int]:
    words, parameters = match
    found = sql.rows(
        f"SELECT id FROM intake_item WHERE words @@ ({words}) AND id < %s LIMIT %s",  # noqa: S608 (constant text and marks)
        [*parameters, before, FEW + 1],
    )
    return [number for (number,) in found]


def excerpt(text: str, query: str, *, around: int = 120) -> Iterator[tuple[str, bool]]:
    """The part of a text where the query is first found, in pieces; True marks a word of the query."""
    hits = _hits(text, query)
    start = max(0, hits[0][0] - around // 2) if hits else 0
    end, position = start + 2 * around, start
    if start:
        yield "…", False
    for first, last in hits:
        if last > end:
            break
        yield text[position:first], False
        yield text[first:last], True
        position = last
    yield text[position:end], False
    if len(text) > end:
        yield "…", False


def _hits(text: str, query: str) -> list[tuple[int, int]]:
    """From where to where the words of the query stand."""
    asked = [piece for quoted, bare in _PHRASE.findall(query[:LONGEST_QUERY]) for piece in split(quoted or bare)]
    words = {word.casefold() for piece, unspaced in asked if not unspaced for word in _WORD.findall(piece)}
    runs = sorted({piece for piece, unspaced in asked if unspaced}, key=len, reverse=True)
    inside = re.compile("|".join(map(re.escape, runs))) if runs else None
    hits: list[tuple[int, int]] = []
    position = 0
    for piece, unspaced in split(text):
        if unspaced:
            found = list(inside.finditer(piece)) if inside else []
        else:
            found = [hit for hit in _WORD.finditer(piece) if hit.group().casefold() in words]
        hits += [(position + hit.start(), position + hit.end()) for hit in found]
        position += len(piece)
    return hits
