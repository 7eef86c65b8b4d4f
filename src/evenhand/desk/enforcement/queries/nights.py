"""What was held while nobody was there, and what hangs on a person's yes or no."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from evenhand.desk.enforcement.models import Delivery, Hold
from evenhand.desk.enforcement.queries.holds import blind

MOST = 200


def placed(begin: datetime, end: datetime) -> int:
    return Hold.objects.filter(decision__decided_at__gte=begin, decision__decided_at__lt=end).count()


def ended(begin: datetime, end: datetime) -> dict[str, int]:
    """How those that were placed in this time have ended by now; what still holds is left out."""
    found = Hold.objects.filter(
        decision__decided_at__gte=begin, decision__decided_at__lt=end, ended_at__isnull=False
    ).values_list("end", flat=True)
    return {end_: list(found).count(end_) for end_ in Hold.End.values}


def waiting() -> int:
    return Hold.objects.filter(ended_at__isnull=True).count()


def open_holds() -> list[Hold]:
    """What is hidden now, in the order of its cases. Audits are left out: who decides them is not told of the hold."""
    found = Hold.objects.filter(ended_at__isnull=True).select_related("decision__case__holder")
    first = found.order_by("decision__case__lane", F("decision__case__rank").desc(), "pk")[:MOST]
    untold = blind([hold.decision for hold in first])
    return [hold for hold in first if hold.decision_id not in untold]


def open_hold_number(hold_id: int) -> Hold | None:
    """One that has not ended."""
    found = Hold.objects.filter(pk=hold_id, ended_at__isnull=True)
    return found.select_related("decision__case").first()


def left(prefix: str) -> list[Delivery]:
    """Messages to destinations whose name begins so, that wait or were given up; the oldest first."""
    kept = (Delivery.State.PENDING, Delivery.State.DEAD)
    found = Delivery.objects.filter(state__in=kept, destination__startswith=prefix).defer("body", "sent")
    return list(found.order_by("pk")[:MOST])
