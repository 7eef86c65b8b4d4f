"""Signing what the ledger holds, often enough that nobody can quietly take it back."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit import keys, queries
from evenhand.desk.audit.models import Checkpoint as Row
from evenhand.desk.audit.services.recording import lock
from evenhand.engine.ledger import checkpoints, tree
from evenhand.engine.ledger.checkpoints import Checkpoint
from evenhand.engine.ledger.tree import LedgerError

NEW_ENTRIES = 1000
LONGEST = timedelta(seconds=60)


class ForkError(LedgerError):
    """The last checkpoint is not of this ledger, key or name: nothing is signed until somebody has looked."""


def checkpoint(*, now: bool = False) -> Checkpoint | None:
    """Sign when 1000 entries, or any after 60 s, have come since the last checkpoint, or when told to do it `now`.

    Returns None when there was nothing to sign. Raises ForkError.
    """
    if not _is_due(now=now):
        return None
    with transaction.atomic():
        lock()
        if not _is_due(now=now):
            return None
        return _sign()


def _is_due(*, now: bool) -> bool:
    state = queries.state()
    if not state.unsigned or state.signed_at is None:
        return bool(state.unsigned)
    return now or state.unsigned >= NEW_ENTRIES or timezone.now() - state.signed_at >= LONGEST


def _sign() -> Checkpoint:
    _refuse_fork()
    size, peaks = queries.end()
    signed = Checkpoint(keys.origin(), size, tree.root_of(peaks))
    Row.objects.create(size=size, note=signed.sign(keys.signing_seed()), signed_at=timezone.now())
    return signed


def _refuse_fork() -> None:
    note = queries.latest_note()
    if note is None:
        return
    try:
        last = checkpoints.opened(note, [keys.verifier()])
        same = tree.root(last.size, queries.nodes) == last.root
    except LedgerError as error:
        raise ForkError(
            f"The last checkpoint cannot be continued: {error}. Put back {keys.SIGNING_KEY} and ledger_origin as they"
            " were, and run `evenhand ledger verify`."
        ) from None
    if not same:
        raise ForkError(
            f"The first {last.size} entries are not those that were signed. Run `evenhand ledger verify`; nothing is"
            " signed until the ledger agrees with its last checkpoint."
        )
