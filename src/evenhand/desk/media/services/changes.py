"""The order in which entries came and went, which indexes at hand follow."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from evenhand.desk import sql
from evenhand.desk.media.models import Change
from evenhand.desk.media.services import tallies

_LOCK = f"SELECT pg_advisory_xact_lock({int.from_bytes(b'evmedia')})"


def tell(what: Change.Kind, entries: Sequence[tuple[int, str]]) -> None:
    """In the caller's transaction, when their rows say so: these (id, kind of hash) match from its commit on, or no
    longer; those that did already, or did not, are not among them.

    Until it ends nobody else adds changes: a reader who has seen a number has seen all smaller ones.
    """
    if not entries:
        return
    if connection.vendor == "postgresql":
        sql.rows(_LOCK)
    sql.insert_many("media_change", ("entry_id", "kind", "what"), [(id_, kind, what.value) for id_, kind in entries])
    tallies.changed(what, [id_ for id_, _ in entries])
