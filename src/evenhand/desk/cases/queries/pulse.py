"""Whether the queue is another by now: a word that changes with it, cheap to ask for."""

from __future__ import annotations

from hashlib import sha256

import msgspec
from django.core.cache import cache
from django.db.models import Count, Max, Sum

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.fields import to_micros

SECONDS = 3


def pulse(mine: Sight, queue: str | None = None) -> str:
    """Another one when a case came to these queues or left them, was reported again or ranked anew by an event; not
    when somebody takes one. At most 3 s old, and counted once in that time, however many ask."""
    found = _counted()
    told = [(one, found.get(one)) for one in mine.queues if queue in (None, one)]
    return sha256(msgspec.json.encode(told)).hexdigest()[:16]


def _counted() -> dict[str, tuple[int, int, int, int]]:
    """By queue: how many are open, the newest of them, the last change, and the sum of their versions."""
    found: dict[str, tuple[int, int, int, int]] | None = cache.get("pulse")
    if found is None:
        rows = (
            Case.objects.filter(state=Case.State.OPEN)
            .values("queue")
            .annotate(open=Count("pk"), newest=Max("pk"), changed=Max("changed_at"), versions=Sum("version"))
            .order_by()
        )
        found = {row["queue"]: (row["open"], row["newest"], to_micros(row["changed"]), row["versions"]) for row in rows}
        cache.set("pulse", found, SECONDS)
    return found
