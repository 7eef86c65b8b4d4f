"""GET /decisions and /deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from evenhand.desk.enforcement.queries import listing
from evenhand.desk.enforcement.queries.listing import Decision, Delivery
from evenhand.desk.intake.api import paging
from evenhand.desk.intake.api.operations import Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import invalid
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer

STATES = ("waiting", "pending", "delivered", "dead", "cancelled")


class ActionOut(Struct, frozen=True):
    id: str
    action: str
    item: Pointer
    parameters: dict[str, Any]


class DecisionOut(Struct, frozen=True, kw_only=True):
    """`by` is a moderator's pseudonym, or `key:` and the name of an API key."""

    id: str
    case: int | None
    kind: Literal["act", "dismiss", "uphold", "overturn", "reverse"]
    item: Pointer
    policy: str | None
    policy_version: int | None
    reason: str
    by: str
    decided_at: str
    effective_at: str
    undone_at: str | None
    reverses: str | None
    actions: list[ActionOut]


class DecisionsOut(Struct, frozen=True):
    items: list[DecisionOut]
    next: str | None


class DeliveryOut(Struct, frozen=True, kw_only=True):
    """One message of the outbox: `id` is the webhook-id that its receiver sees in every attempt."""

    id: str
    destination: str
    kind: str
    state: Literal["waiting", "pending", "delivered", "dead", "cancelled"]
    decision: str | None
    action: str | None
    attempts: int
    created_at: str
    due_at: str
    delivered_at: str | None
    last_error: str


class DeliveriesOut(Struct, frozen=True):
    items: list[DeliveryOut]
    next: str | None


def list_decisions(call: Call) -> Answer:
    size = paging.limit(call)
    found = listing.decisions(before=paging.number(call), limit=size + 1)
    page, following = paging.cut(found, size, lambda decision: decision.pk)
    return Answer(200, DecisionsOut([_decision(one) for one in page], following))


def list_deliveries(call: Call) -> Answer:
    state = call.query("state")
    if state not in {None, *STATES}:
        raise invalid(f"The query parameter `state` is one of {', '.join(STATES)}.")
    size = paging.limit(call)
    found = listing.deliveries(before=paging.number(call), limit=size + 1, state=state)
    page, following = paging.cut(found, size, lambda delivery: delivery.pk)
    return Answer(200, DeliveriesOut([_delivery(one) for one in page], following))


def _decision(decision: Decision) -> DecisionOut:
    by = decision.decided_by
    return DecisionOut(
        id=decision.uid,
        case=decision.case_id,
        kind=_known(decision.kind),
        item=Pointer(decision.item_type, decision.item_id),
        policy=decision.policy,
        policy_version=decision.policy_version,
        reason=decision.reason,
        by=by.pseudonym if by else f"key:{decision.key_name}",
        decided_at=written(decision.decided_at),
        effective_at=written(decision.effective_at),
        undone_at=_or_none(decision.undone_at),
        reverses=decision.reverses.uid if decision.reverses else None,
        actions=[
            ActionOut(taken.uid, taken.action, Pointer(taken.item_type, taken.item_id), taken.parameters)
            for taken in decision.actions.all()
        ],
    )


def _delivery(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.message_id,
        destination=delivery.destination,
        kind=delivery.kind,
        state=_known(delivery.state),
        decision=delivery.decision.uid if delivery.decision else None,
        action=delivery.action.uid if delivery.action else None,
        attempts=delivery.attempts,
        created_at=written(delivery.created_at),
        due_at=written(delivery.due_at),
        delivered_at=_or_none(delivery.delivered_at),
        last_error=delivery.last_error,
    )


def _known(choice: str) -> Any:
    """A column of choices, whose values the schema names."""
    return str(choice)


def _or_none(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)


OPERATIONS = (
    Operation(
        method="GET",
        path="/v2/decisions",
        scopes=("read",),
        handle=list_decisions,
        name="listDecisions",
        summary="List decisions, the newest first",
        answers={200: DecisionsOut},
        parameters=(paging.LIMIT, paging.CURSOR),
        refuses=(400,),
    ),
    Operation(
        method="GET",
        path="/v2/deliveries",
        scopes=("read",),
        handle=list_deliveries,
        name="listDeliveries",
        summary="List webhooks and how they went, the newest first",
        answers={200: DeliveriesOut},
        parameters=(
            paging.LIMIT,
            paging.CURSOR,
            Parameter("state", "query", "Only these", schema={"type": "string", "enum": list(STATES)}),
        ),
        refuses=(400,),
    ),
)
