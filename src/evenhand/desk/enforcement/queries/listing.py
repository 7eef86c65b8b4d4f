"""Decisions and deliveries for machines: page by page, the newest first."""

from __future__ import annotations

from evenhand.desk.enforcement.models import ActionTaken, Decision, Delivery, SecondLook

__all__ = ["ActionTaken", "Decision", "Delivery", "SecondLook", "decision", "decisions", "deliveries", "items_acted_on"]


def decision(uid: str) -> Decision | SecondLook | None:
    """One decision, or second look, with its case."""
    found = Decision.objects.select_related("case").filter(uid=uid).first()
    return found or SecondLook.objects.select_related("case").filter(uid=uid).first()


def decisions(*, before: int | None, limit: int) -> list[Decision]:
    """Up to `limit` decisions with numbers below `before`, with their actions."""
    found = Decision.objects.select_related("decided_by", "reverses").prefetch_related("actions").order_by("-pk")
    return list((found if before is None else found.filter(pk__lt=before))[:limit])


def deliveries(*, before: int | None, limit: int, state: str | None = None) -> list[Delivery]:
    """Up to `limit` messages with numbers below `before`, without their bodies."""
    found = Delivery.objects.select_related("decision", "action").defer("body").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if state is not None:
        found = found.filter(state=state)
    return list(found[:limit])


def items_acted_on(decision: Decision) -> set[tuple[str, str, str]]:
    """Action, type and id of every item that the decision acts on."""
    return set(ActionTaken.objects.filter(decision=decision).values_list("action", "item_type", "item_id"))
