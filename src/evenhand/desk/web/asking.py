"""Puts together who asks the platform for items: the call of the connector, signed with the desk's own secrets."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from evenhand.connectors.webhooks import Webhooks, partial_items
from evenhand.desk.enforcement.queries import deliveries
from evenhand.desk.enforcement.services import secrets
from evenhand.engine.model import Ref
from evenhand.engine.platform import Platform
from evenhand.runtime import config


def ask(platform: Platform, items: Sequence[Ref]) -> partial_items.Told:
    """The port of cases (`cases.services.ports.Ask`)."""
    allow_private = config.current().allow_private
    destination = deliveries.partial_items(platform)
    try:
        signers = secrets.signers(destination, Webhooks(allow_private=allow_private))
    except secrets.Unreadable as error:
        return partial_items.Told(b"", str(error))
    return partial_items.ask(
        destination,
        items,
        message_id=f"ask_{uuid4().hex}",
        secrets=[(one.scheme, one.private) for one in signers],
        allow_private=allow_private,
    )
