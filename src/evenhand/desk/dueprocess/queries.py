"""What was appealed, and how it was heard."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from msgspec import Struct

from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement.queries import decisions
from evenhand.desk.enforcement.queries.decisions import Decision
from evenhand.engine.model import Ref

__all__ = ["Appeal", "about", "by_policy", "heard_since", "of_case", "on_item", "waiting_on"]

MOST = 20


def of_case(case_id: int) -> Appeal | None:
    """The appeal that a case hears."""
    found = Appeal.objects.filter(case_id=case_id)
    return found.select_related("settled_by__decided_by", "settled_by__undone_by").first()


def about(appeal: Appeal) -> list[Decision]:
    """The decisions that it appeals, the newest first: of those that stood when it came, the ones that took an action
    that it names; all, when it names none of theirs."""
    stood = decisions.stood(Ref(appeal.item_type, appeal.item_id), appeal.received_at)
    named = [one for one in stood if any(taken.action in appeal.actions for taken in one.actions.all())]
    return named or stood


def waiting_on(item_type: str, item_id: str) -> list[Appeal]:
    """Those against decisions on an item that nobody has heard yet."""
    return list(Appeal.objects.filter(item_type=item_type, item_id=item_id, case__state="open").order_by("pk"))


def on_item(ref: Ref) -> list[Appeal]:
    """The newest appeals against decisions on an item."""
    found = Appeal.objects.filter(item_type=ref.type, item_id=ref.id)
    return list(found.order_by("-received_at", "-pk")[:MOST])


class Appealed(Struct, frozen=True):
    """Appeals of one policy that came in a time. `accepted` of `heard`; the others wait, or nobody had to hear them."""

    came: int
    heard: int
    accepted: int


def by_policy(since: datetime) -> dict[str, Appealed]:
    """By the policy of the decision that is appealed."""
    heard = Q(heard_at__isnull=False, settled_by__isnull=True)
    found = Appeal.objects.filter(received_at__gte=since, case__isnull=False).values_list("case__policy")
    counts = found.annotate(
        came=Count("pk"),
        heard=Count("pk", filter=heard),
        accepted=Count("pk", filter=heard & Q(outcome="accepted")),
    )
    return {policy or "": Appealed(*numbers) for policy, *numbers in counts.order_by()}


def heard_since(moment: datetime) -> tuple[int, int]:
    """How many appeals were accepted and how many rejected by somebody who heard them."""
    heard = Appeal.objects.filter(heard_at__gte=moment, settled_by__isnull=True)
    return heard.filter(outcome="accepted").count(), heard.filter(outcome="rejected").count()
