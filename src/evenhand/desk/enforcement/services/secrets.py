"""The secrets that sign webhooks: made on first use, kept sealed, rotated with an overlap in which old and new sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import SigningSecret
from evenhand.desk.enforcement.services.ports import Wire
from evenhand.desk.enforcement.services.states import lock_state
from evenhand.engine.platform import Destination
from evenhand.runtime import config
from evenhand.runtime import secrets as vault

SEAL_KEY = "webhook-seal.key"


class Unreadable(Exception):
    """A secret was sealed with another key than the one in the data folder."""


class Signer(Struct, frozen=True):
    """A secret, opened. `private` is for the wire alone: it is never logged or shown."""

    id: int
    scheme: str
    private: bytes


def signers(destination: Destination, wire: Wire) -> list[Signer]:
    """All secrets that sign for this destination now, from old to new; what it lacks is made.

    Raises Unreadable: then nothing may be sent.
    """
    schemes = wire.schemes(destination.signature)
    valid = list(_valid(destination.id, timezone.now()))
    if set(schemes) - {secret.scheme for secret in valid}:
        valid = _complete(destination.id, schemes, wire)
    return [open_secret(secret) for secret in valid if secret.scheme in schemes]


def open_secret(secret: SigningSecret) -> Signer:
    """Raises Unreadable."""
    try:
        private = vault.unseal(seal_key(), bytes(secret.sealed), _purpose(secret.destination, secret.scheme))
    except InvalidTag:
        raise Unreadable(
            f"The {secret.scheme} secret of {secret.destination} cannot be opened with {SEAL_KEY} of the data folder. "
            f"Restore that file from the backup, or make a new secret: evenhand webhooks secret {secret.destination} "
            "--rotate --overlap 0."
        ) from None
    return Signer(secret.pk, secret.scheme, private)


def rotate(destination: Destination, wire: Wire, *, overlap: timedelta, actor: str) -> list[SigningSecret]:
    """New secrets for each scheme of the destination; those there are go on signing for `overlap`, then end."""
    now = timezone.now()
    schemes = wire.schemes(destination.signature)
    with transaction.atomic():
        lock_state(destination.id)
        ending = _valid(destination.id, now)
        ending.filter(expires_at=None).update(expires_at=now + overlap)
        ending.filter(expires_at__gt=now + overlap).update(expires_at=now + overlap)
        made = [_make(destination.id, scheme, wire) for scheme in schemes]
        record(
            Act.SECRET_ROTATED,
            actor=actor,
            obj=f"destination:{destination.id}",
            payload={"schemes": list(schemes), "overlap_seconds": overlap.total_seconds()},
        )
    return made


def show_once(secret: SigningSecret) -> Signer | None:
    """The secret itself, the first time anybody asks; None after that. Raises Unreadable."""
    signer = open_secret(secret)
    first = SigningSecret.objects.filter(pk=secret.pk, shown_at=None).update(shown_at=timezone.now())
    return signer if first else None


def _complete(destination: str, schemes: Sequence[str], wire: Wire) -> list[SigningSecret]:
    with transaction.atomic():
        lock_state(destination)
        there = {secret.scheme for secret in _valid(destination, timezone.now())}
        missing = [scheme for scheme in schemes if scheme not in there]
        for scheme in missing:
            _make(destination, scheme, wire)
        if missing:
            record(
                Act.SECRET_MADE,
                actor="system:outbox",
                obj=f"destination:{destination}",
                payload={"schemes": missing},
            )
        return list(_valid(destination, timezone.now()))


def _make(destination: str, scheme: str, wire: Wire) -> SigningSecret:
    public, private = wire.mint(scheme)
    return SigningSecret.objects.create(
        destination=destination,
        scheme=scheme,
        public=public,
        sealed=vault.seal(seal_key(), private, _purpose(destination, scheme)),
        created_at=timezone.now(),
    )


def _valid(destination: str, now: datetime) -> QuerySet[SigningSecret]:
    lasting = Q(expires_at=None) | Q(expires_at__gt=now)
    return SigningSecret.objects.filter(lasting, destination=destination).order_by("pk")


def _purpose(destination: str, scheme: str) -> str:
    return f"webhook:{destination}:{scheme}"


def seal_key() -> bytes:
    """The desk's own secret."""
    return _read_seal_key(config.current().data_dir)


@cache
def _read_seal_key(folder: Path) -> bytes:
    return vault.read_or_make(folder, SEAL_KEY)
