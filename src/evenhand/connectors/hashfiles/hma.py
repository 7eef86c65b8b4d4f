"""Exports of Meta's HMA: answers to GET /c/bank/<name>/content/<id>?include_signals=true, as a list or line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from evenhand.connectors.hashfiles.jsonstream import NotJson, elements
from evenhand.engine.media.hashcsv import LONGEST_LINE, Row
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, said, shown, text

_ENABLED = 1
_BLANKS = b" \t\r\n"


def read(file: BinaryIO, now: float) -> Iterator[Row]:
    """`now`: seconds; what HMA disabled until a later moment is withdrawn. Raises NotJson."""
    start = file.read(64).lstrip(b"\xef\xbb\xbf").lstrip(_BLANKS)
    file.seek(0)
    for line, found in elements(file, ()) if start.startswith(b"[") else _lines(file):
        try:
            yield line, _content(found, now)
        except ValueError as why:
            yield line, str(why)


def _lines(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise NotJson(f"line {number}: it is longer than {LONGEST_LINE:,} bytes.")
        bare = line.removeprefix(b"\xef\xbb\xbf").strip(_BLANKS)
        if not bare:
            continue
        yield number, bare


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {text(error)}") from None


def _content(found: Any, now: float) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    if isinstance(found, bytes):
        found = _decoded(found)
    found = mapping(found, "a content")
    if type(found.get("id")) is not int:
        raise ValueError(f"id: a number is needed, not {shown(found.get('id'))}.")
    bank, signals, until = found.get("bank"), found.get("signals"), found.get("disable_until_ts", _ENABLED)
    name = text(bank.get("name") if isinstance(bank, dict) else bank, 64)
    key = f"{name}/{found['id']}" if name else text(found["id"], 100)
    if type(until) is not int:
        raise ValueError(f"disable_until_ts: a number is needed, not {shown(until)}.")
    if until == 0 or (until > _ENABLED and until > now):
        return Withdrawn(key=key, reason="It is switched off in HMA.")
    signals = mapping(signals, "signals (export with include_signals=true)")
    hashes = {text(kind): hash_bytes(text(kind), value) for kind, value in signals.items() if value}
    return said(key, hashes, note=text(found.get("note")))
