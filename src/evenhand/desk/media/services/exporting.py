"""Taking a bank out of the desk, which the ledger remembers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.queries import exporting, sources


def exported(name: str, *, actor: str) -> Iterator[exporting.Row]:
    """The rows of `exporting.COLUMNS`. Raises NoSuch."""
    bank = sources.bank(name)
    with transaction.atomic():
        record(Act.RECORDS_EXPORTED, actor=actor, obj=f"bank:{name}")
    return exporting.rows(bank)
