"""Erasing what entries say about a person. The entries stay, and the ledger still verifies."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from evenhand.desk import sql
from evenhand.desk.audit import queries
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.models import Payload
from evenhand.desk.audit.services.recording import Draft, lock, record_all
from evenhand.engine.ledger.entries import erased_object


class NothingToEraseError(ValueError):
    """Some of these entries have no payload (any more); nothing was erased."""


@transaction.atomic
def erase(seqs: Collection[int], *, actor: str, reason: str) -> range:
    """Delete the payloads of these entries with their salts; the numbers of the entries that say so, one for each.

    Without the salt nobody can tell which payload an entry committed to (specs: GDPR Art. 17). `reason` is the legal
    basis; it is a payload itself. Raises NothingToEraseError.
    """
    wanted = sorted(set(seqs))
    lock()
    if missing := sorted(set(wanted) - queries.with_payload(wanted)):
        raise NothingToEraseError(f"no payload to erase in {', '.join(map(str, missing[:10]))}; nothing was erased")
    drafts = [Draft(act=Act.ERASED, actor=actor, obj=erased_object(seq), payload={"reason": reason}) for seq in wanted]
    recorded = record_all(drafts)
    if connection.vendor == "sqlite":
        sql.run("PRAGMA secure_delete = ON")
    for seq in wanted:
        Payload.objects.filter(seq=seq).delete()
    return recorded
