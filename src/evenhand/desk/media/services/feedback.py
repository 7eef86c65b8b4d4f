"""The outbox of opinions: what a person confirmed is sent to the list's owner, at least once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from evenhand.desk.media.models import Entry, Feedback
from evenhand.desk.media.services.ports import Connect, ListFailed, Opinion
from evenhand.engine.media.listing import Listed

PAUSES: Final = (60.0, 600.0, 3_600.0, 21_600.0, 86_400.0)
"""Seconds to the next try; after the last it failed, and says why."""
_AT_ONCE = 20


def send(connect: Connect) -> int:
    """Those that are due; how many were sent."""
    due = Feedback.objects.filter(state=Feedback.State.CONFIRMED, due_at__lte=timezone.now())
    sent = 0
    for one in due.select_related("entry__source").order_by("due_at")[:_AT_ONCE]:
        sent += _send(one, connect)
    return sent


def _send(feedback: Feedback, connect: Connect) -> bool:
    entry = feedback.entry
    assert entry.source is not None
    opinion: Opinion = "up" if feedback.opinion == Feedback.Opinion.UP else "down"
    try:
        connect(entry.source.kind, entry.source.config).feedback(_listed(entry), opinion, feedback.reason)
    except ListFailed as failed:
        _again(feedback, failed)
        return False
    _write(feedback, state=Feedback.State.SENT, sent_at=timezone.now(), error="", due_at=None)
    return True


def _write(feedback: Feedback, **what: Any) -> None:
    """Unless a person said it otherwise meanwhile: that leaves at the next turn."""
    Feedback.objects.filter(pk=feedback.pk, state=Feedback.State.CONFIRMED, confirmed_at=feedback.confirmed_at).update(
        **what
    )


def _listed(entry: Entry) -> Listed:
    rows = Entry.objects.filter(source=entry.source, key=entry.key)
    hashes = {row.kind: bytes(row.value) for row in rows}
    return Listed(key=entry.key, hashes=hashes, classification=entry.classification, tags=tuple(entry.tags))


def _again(feedback: Feedback, failed: ListFailed) -> None:
    """What the owner refuses is not sent again as it is: a person says it in another way, or drops it."""
    tries = feedback.tries + 1
    if failed.final:
        _write(feedback, state=Feedback.State.REFUSED, tries=tries, error=str(failed), due_at=None)
    elif tries > len(PAUSES):
        _write(feedback, state=Feedback.State.FAILED, tries=tries, error=str(failed), due_at=None)
    else:
        pause = max(PAUSES[tries - 1], failed.retry_after or 0.0)
        due_at = timezone.now() + timedelta(seconds=pause)
        _write(feedback, tries=tries, error=str(failed), due_at=due_at)
