"""What is wrong with the ledger: for `evenhand check`, the status page, and whoever watches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.audit.models import Verification
from evenhand.desk.audit.queries import entries
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Problem

UNSIGNED = timedelta(minutes=5)
UNVERIFIED = timedelta(days=30)


def ledger() -> Iterator[Problem]:
    """Everything that makes the ledger prove less than it should."""
    yield from _broken()
    yield from _unsigned()
    yield from _unverified()


def _broken() -> Iterator[Problem]:
    for found in Verification.objects.exclude(broken="").order_by("checked_at")[:1]:
        yield Problem(
            code="ledger_broken",
            message=_("The ledger does not hold: %(error)s") % {"error": found.broken},
            what_to_do=_(
                "Stop, copy the data folder as it is, and compare with a backup that verifies. `evenhand ledger verify`"
                " checks again."
            ),
            since=to_micros(found.checked_at),
        )


def _unsigned() -> Iterator[Problem]:
    state = entries.state()
    if state.unsigned and (state.signed_at is None or timezone.now() - state.signed_at > UNSIGNED):
        yield Problem(
            code="ledger_unsigned",
            message=_("%(count)s entries of the ledger are under no signed checkpoint yet.")
            % {"count": state.unsigned},
            what_to_do=_("`evenhand serve` or `evenhand worker` signs one every few seconds: is one running?"),
            severity="warning",
            since=to_micros(state.signed_at) if state.signed_at else None,
        )


def _unverified() -> Iterator[Problem]:
    since = _verified_at() or _first_at()
    if since and timezone.now() - since > UNVERIFIED:
        yield Problem(
            code="ledger_unverified",
            message=_("The ledger was not recomputed as a whole for a long time."),
            what_to_do=_("Run `evenhand ledger verify`, and again after each restored backup."),
            severity="warning",
            since=to_micros(since),
        )


def _verified_at() -> datetime | None:
    return Verification.objects.filter(scope="whole", broken="").values_list("checked_at", flat=True).first()


def _first_at() -> datetime | None:
    return entries.entry(0).at if entries.size() else None
