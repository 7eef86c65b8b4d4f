"""Exports of Meta's HMA: answers to GET /c/bank/<name>/content/<id>?include_signals=true, as a list or line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from evenhand.connectors.hashfiles.jsonrows import decoded, each
from evenhand.engine.media.hashcsv import Row
from evenhand.engine.media.listing import Listed, Withdrawn
from evenhand.engine.media.records import hash_bytes, mapping, said, shown, text

_ENABLED = 1


def read(file: BinaryIO, now: float) -> Iterator[Row]:
    """`now`: seconds; what HMA disabled until a later moment is withdrawn. Raises NotJson."""
    for line, found in each(file):
        try:
            yield line, _content(found, now)
        except ValueError as why:
            yield line, str(why)


def _content(found: Any, now: float) -> Listed | Withdrawn:
    """Raises ValueError, in a sentence."""
    found = mapping(decoded(found), "a content")
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
