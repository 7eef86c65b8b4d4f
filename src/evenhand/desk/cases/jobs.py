"""What is done about cases without anybody waiting for it: asking the platform for what they lack."""

from __future__ import annotations

from uuid import uuid4

from evenhand.desk.cases.services import answers, asking
from evenhand.desk.cases.services.ports import Ask
from evenhand.desk.fields import now_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Event, ItemSent

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
