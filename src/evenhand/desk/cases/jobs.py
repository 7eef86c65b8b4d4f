"""What is done about cases while nobody waits: the platform is asked for what they lack, their order is kept."""

from __future__ import annotations

import time
from uuid import uuid4

from django.db import transaction

from evenhand.desk.cases.queries import stale
from evenhand.desk.cases.services import answers, asking
from evenhand.desk.cases.services.absorb import rerank
from evenhand.desk.cases.services.ports import Ask
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Event, ItemSent

REFRESH = 200
"""Cases that are ranked in one transaction."""
REFRESH_SECONDS = 1.0
"""So long, at most, the work that is due from time to time is held up."""
SOURCE = "system:partial_items"
MOST_ITEMS = 50


def ask(wire: Ask) -> None:
    """One round, with at most one request of at most 50 items. Nothing is done where no address is configured.

    Raises LogUnavailable: what was answered could not be kept, and is asked for again later.
    """
    snapshot = policies.current()
    if snapshot.platform.partial_items_url is None:
        return
    asking.look(snapshot.platform, snapshot.item_types)
    wanted = asking.claim(MOST_ITEMS)
    if not wanted:
        return
    answer = wire(snapshot.platform, wanted)
    if answer.error:
        asking.fail(wanted, answer.error)
        return
    try:
        found = answers.read(answer.body, wanted)
    except answers.Unusable as error:
        asking.fail(wanted, str(error))
        return
    items = {ref: one for ref, one in found.items() if isinstance(one, ItemSent)}
    at = now_micros()
    intake.accept([Event(id=uuid4().hex, at=at, source=SOURCE, body=item) for item in items.values()])
    asking.settle(wanted, items, {ref: one for ref, one in found.items() if isinstance(one, str)})


def refresh() -> int:
    """Rank anew what was ranked under an older document or half-life, as far as that goes in a second; how many."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < REFRESH_SECONDS:
        refs = stale.refs(REFRESH)
        if not refs:
            break
        with transaction.atomic():
            rerank(refs)
        count += len(refs)
    return count
