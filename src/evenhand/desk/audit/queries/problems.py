"""What is wrong with the ledger: for `evenhand check`, the status page, and whoever watches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.audit.models import Checkpoint, Verification
from evenhand.desk.audit.queries import entries
from evenhand.desk.audit.queries.publications import Published, published
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Problem

UNSIGNED = timedelta(minutes=5)
UNVERIFIED = timedelta(days=30)
UNPUBLISHED = timedelta(hours=1)
FAILING = timedelta(days=1)


def ledger() -> Iterator[Problem]:
    """Everything that makes the ledger prove less than it should."""
    yield from _broken()
    yield from _unsigned()
    yield from _unverified()
    for place in published():
        yield from _unpublished(place)


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
            message=ngettext(
                "%(count)s entry of the ledger is under no signed checkpoint yet.",
                "%(count)s entries of the ledger are under no signed checkpoint yet.",
                state.unsigned,
            )
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


def _unpublished(place: Published) -> Iterator[Problem]:
    """A place that fails; or one that is behind though nothing failed, since nobody brings it anything."""
    if place.failing_since:
        lasting = timezone.now() - place.failing_since > FAILING
        yield Problem(
            code="checkpoint_unpublished",
            message=_("No checkpoint can be published to %(place)s: %(error)s")
            % {"place": place.place, "error": place.error},
            what_to_do=_("Compare the two before anything else: `evenhand ledger verify --checkpoint FILE`.")
            if place.contradicts
            else _("Mend it, or name another place in evenhand.toml. The desk tries again by itself."),
            severity="error" if place.contradicts or lasting else "warning",
            since=to_micros(place.failing_since),
        )
        return
    since = _unpublished_since(place)
    if since and timezone.now() - since > UNPUBLISHED:
        yield Problem(
            code="checkpoint_unpublished",
            message=_("Nothing was published to %(place)s since the last checkpoint was signed.")
            % {"place": place.place},
            what_to_do=_("`evenhand serve` or `evenhand worker` does it every ten minutes: is one running?"),
            severity="warning",
            since=to_micros(since),
        )


def _unpublished_since(place: Published) -> datetime | None:
    """When the first checkpoint was signed that the place lacks."""
    lacking = Checkpoint.objects.filter(size__gt=place.size).order_by("size")
    return lacking.values_list("signed_at", flat=True).first()


def _verified_at() -> datetime | None:
    return Verification.objects.filter(scope="whole", broken="").values_list("checked_at", flat=True).first()


def _first_at() -> datetime | None:
    return entries.entry(0).at if entries.size() else None
