"""Rows of a JSON file, as a list or line by line: bare hashes, or objects that have our columns for names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from evenhand.connectors.hashfiles.jsonstream import NotJson, elements
from evenhand.engine.media import hashcsv
from evenhand.engine.media.hashcsv import LONGEST_LINE, Row
from evenhand.engine.media.records import shown, text

BLANKS = b" \t\r\n"
BOM = b"\xef\xbb\xbf"


def read(file: BinaryIO, *, kind: str = "", unknown: Callable[[str], str] | None = None) -> Iterator[Row]:
    """As `hashcsv.read` of the same cells. Raises NotJson."""
    for line, found in each(file):
        try:
            yield line, hashcsv.row(_cells(decoded(found)), kind, unknown)
        except ValueError as why:
            yield line, str(why)


def each(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """(Line, element) of a list; (line, its bytes) where each line is a document: `decoded` takes both. Raises
    NotJson."""
    start = file.read(64).removeprefix(BOM).lstrip(BLANKS)
    file.seek(0)
    yield from elements(file, ()) if start.startswith(b"[") else _lines(file)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise NotJson(f"line {number}: it is longer than {LONGEST_LINE:,} bytes.")
        bare = line.removeprefix(BOM).strip(BLANKS)
        if bare:
            yield number, bare


def decoded(found: Any) -> Any:
    """Raises ValueError, in a sentence."""
    if not isinstance(found, bytes):
        return found
    try:
        return msgspec.json.decode(found)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {text(error)}") from None


def _cells(found: Any) -> dict[str, str]:
    """Raises ValueError, in a sentence."""
    if isinstance(found, str):
        return {"value": found.strip().lower()}
    if not isinstance(found, dict) or not isinstance(found.get("value"), str):
        raise ValueError(f'{{"type": "md5", "value": "…"}} is needed, not {shown(found)}.')  # noqa: TRY004 (told as all that a row has wrong)
    return {name: _cell(found[name]).strip() for name in hashcsv.NAMES if found.get(name) is not None}


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else text(value)
