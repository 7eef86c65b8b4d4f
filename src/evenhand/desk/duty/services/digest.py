"""The morning's digest by mail: counts and a link, once for each night, to whoever wants it."""

from __future__ import annotations

from django.utils import timezone

from evenhand.desk.duty.models import Hours, Night, Way
from evenhand.desk.duty.queries import mornings
from evenhand.desk.duty.queries.ways import name
from evenhand.desk.duty.services import message
from evenhand.desk.enforcement import services as enforcement


def send(night: Night) -> None:
    """In the transaction that ends the night, so that it leaves once."""
    wanting = set(Hours.objects.filter(digest=True).values_list("user_id", flat=True)) | {night.begun_by_id}
    unwanted = set(Hours.objects.filter(digest=False).values_list("user_id", flat=True))
    ways = Way.objects.filter(kind=Way.Kind.MAIL, user__in=wanting - unwanted, user__is_active=True)
    found = list(ways.select_related("user"))
    if not found:
        return
    counts = mornings.counts(night)
    for way in found:
        enforcement.enqueue(
            f"digest_{night.pk}_{way.user.pseudonym}",
            destination=name(way.user.pseudonym, way.kind),
            kind="digest",
            payload=message.digest(way.user, counts),
            due_at=timezone.now(),
        )
