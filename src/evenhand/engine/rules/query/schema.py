"""Where a database keeps the events that are asked for, and what a stored event is to the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from evenhand.engine.rules.run import Micros

DialectName = Literal["sqlite", "postgresql"]
Kind = Literal["text", "integer", "boolean"]


class Column(Struct, frozen=True):
    """A column that has what stands at a path of the event. `sql` is ours, never a user's.

    `empty`: what it has where the event has nothing, besides NULL.
    """

    sql: str
    kind: Kind = "text"
    empty: str | None = None


class Schema(Struct, frozen=True, kw_only=True):
    """`data`: a column of text with JSON, as msgspec writes it; the event's data stands at `inside` in it.

    `action`, `at`: the action's name, and the time in microseconds. `columns`: by path. `apart`: first fields of paths
    that are not in `data`; they are in `columns`, or known only when the event is read. `labels`: a text with the JSON
    list of what rules did to labels, "User/u1/spam/1"; `verdicts`: the same with verdicts; None where they are not
    kept. `names`: what every query can say, as SML: {"Text": "str = JsonData(path='$.text')"}, {"Soup": "= Rule(...)"}.
    """

    data: str
    action: str
    at: str
    inside: tuple[str, ...] = ()
    columns: Mapping[str, Column] = {}
    apart: frozenset[str] = frozenset()
    labels: str | None = None
    verdicts: str | None = None
    names: Mapping[str, str] = {}


class Stored(Struct, frozen=True, kw_only=True):
    """An event as it was stored, with what rules made of it then."""

    action_name: str
    data: dict[str, Any]
    at: Micros
    action_id: int = 0
    labels: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
