"""The platform document in force, with everything that reading under it needs prepared once."""

from __future__ import annotations

from msgspec import Struct

from evenhand.desk.intake.reading.items import Reader
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import Snapshot


class Document(Struct, frozen=True, eq=False):
    snapshot: Snapshot
    reader: Reader
    types_by_name: dict[str, str]
    """Ids of item types, by their names."""


def current(*, fresh: bool = False) -> Document:
    return _prepared(policies.current(fresh=fresh))


def newer(than: Document) -> Document | None:
    """The document that replaced `than`, if there is one: asked before refusing what `than` does not know."""
    newest = current(fresh=True)
    return None if newest.snapshot.version == than.snapshot.version else newest


def _prepared(snapshot: Snapshot) -> Document:
    last = _last.get("document")
    if last is not None and last.snapshot is snapshot:
        return last
    reader = Reader(snapshot.item_types, snapshot.version)
    names = {item_type.name: item_type.id for item_type in snapshot.item_types.values()}
    document = _last["document"] = Document(snapshot, reader, names)
    return document


_last: dict[str, Document] = {}
