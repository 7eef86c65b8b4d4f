"""What a key asked for under an Idempotency-Key happens once: a repetition is answered as the first time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from evenhand.desk.accounts.models import KeptAnswer

KEPT = timedelta(days=1)
"""So long at least is an answer kept: no program repeats a request for longer."""
Said = tuple[int, bytes]
"""Status and body."""


class Reused(Exception):
    """It stood for another request before."""


def once(key_name: str, given: str, asked: str, answer: Callable[[], Said]) -> Said:
    """What `answer()` gives, or gave when this key sent the same (`asked`, a digest) under `given` before.

    Answer and what it tells of are kept in one transaction; one that raises keeps nothing. Raises Reused.
    """
    with transaction.atomic():
        kept = _begin(key_name, given, asked)
        if kept is None:
            return _before(key_name, given, asked)
        kept.status, body = answer()
        kept.body = body
        kept.save(update_fields=["status", "body"])
    return kept.status, body


def _begin(key_name: str, given: str, asked: str) -> KeptAnswer | None:
    """None: it was sent before. One that is being answered right now is waited for."""
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(key_name=key_name, given=given, asked=asked, at=timezone.now())
    except IntegrityError:
        return None


def _before(key_name: str, given: str, asked: str) -> Said:
    kept = KeptAnswer.objects.get(key_name=key_name, given=given)
    if kept.asked != asked:
        raise Reused
    return kept.status, bytes(kept.body)


def forget_answers() -> int:
    """From time to time: answers that are not repeated any more; how many."""
    gone, _ = KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
