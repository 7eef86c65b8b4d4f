"""Pages and digests, on their way to people: which connector speaks to which of a person's ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.mail import EmailMessage

from evenhand.connectors.pages import Told, by_mail, by_push, by_webpush, public, sender
from evenhand.connectors.webhooks import Webhooks
from evenhand.desk.enforcement.services.ports import Outcome
from evenhand.desk.enforcement.services.retry import MINUTE, Policy
from evenhand.engine.platform import Destination
from evenhand.runtime import config
from evenhand.runtime import secrets as vault

KEY = "push.key"

SCHEDULE = Policy(
    schedule=(0, 2, 5, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE),
    longest_wait=5 * MINUTE,
    breaks_after=3,
    first_pause=2.0,
    longest_pause=MINUTE,
)
"""Somebody is to be woken: tried often at first, and given up when the morning is nearer than the alarm."""


class Pager:
    """The port of enforcement, to people instead of platforms."""

    def __init__(self) -> None:
        self._webhooks = Webhooks(allow_private=config.current().allow_private)

    def schemes(self, signature: str) -> tuple[str, ...]:
        return self._webhooks.schemes(signature) if signature == "v1" else ()

    def mint(self, scheme: str) -> tuple[str, bytes]:
        return self._webhooks.mint(scheme)

    def send(
        self,
        destination: Destination,
        *,
        message_id: str,
        kind: str,
        payload: Mapping[str, Any],
        secrets: Sequence[tuple[str, bytes]],
    ) -> Outcome:
        match destination.id.rpartition(":")[2]:
            case "push":
                return by_push(
                    destination.url,
                    message_id=message_id,
                    kind=kind,
                    payload=payload,
                    allow_private=config.current().allow_private,
                )
            case "browser":
                return by_webpush(
                    destination.url,
                    key=_key(config.current().data_dir),
                    contact=config.current().address,
                    message_id=message_id,
                    kind=kind,
                    payload=payload,
                    allow_private=config.current().allow_private,
                )
            case "mail":
                return self._mail(destination.url, message_id, kind, payload)
        return self._webhooks.send(destination, message_id=message_id, kind=kind, payload=payload, secrets=secrets)

    def _mail(self, address: str, message_id: str, kind: str, payload: Mapping[str, Any]) -> Told:
        if not config.current().mail_host:
            return Told(None, "No mail server is configured: write mail_host into evenhand.toml.", 0, b"")
        return by_mail(_send, address, message_id=message_id, kind=kind, payload=payload)


def _send(address: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
    EmailMessage(subject, text, to=[address], headers=dict(headers)).send()


def browser_key() -> str:
    """By which browsers know the desk, in base64url."""
    return public(_key(config.current().data_dir))


@cache
def _key(folder: Path) -> ec.EllipticCurvePrivateKey:
    return sender(vault.read_or_make(folder, KEY))
