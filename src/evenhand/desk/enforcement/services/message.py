"""What the platform is told of one action: all that is known at the time; a connector gives it its shape."""

from __future__ import annotations

from typing import Any

from evenhand.desk.enforcement.models import ActionTaken, Decision, Hold
from evenhand.desk.enforcement.services.telling import Occasion, statements, told
from evenhand.desk.fields import to_micros
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Item, Ref
from evenhand.engine.platform import Action
from evenhand.engine.platform.telling import When


def action_message(
    taken: ActionTaken,
    action: Action,
    decision: Decision,
    *,
    snapshot: Snapshot,
    item: Item | None,
    actor: str,
    reporters: list[Ref],
    note: str = "",
) -> dict[str, Any]:
    """JSON-able. `actor` is a pseudonym or the name of a key: never an address."""
    creator = item.creator if item else None
    occasion = occasion_of(decision, taken, action, item)
    item_type = snapshot.item_types.get(taken.item_type)
    policy = snapshot.policies.get(decision.policy or "")
    return {
        "id": taken.uid,
        "action": {"id": action.id, "name": action.name, "parameters": taken.parameters, "custom": action.custom},
        "undoes": taken.undoes.uid if taken.undoes else None,
        "item": {
            "id": taken.item_id,
            "typeId": taken.item_type,
            "typeName": item_type.name if item_type else taken.item_type,
        },
        "creator": {"id": creator.id, "typeId": creator.type} if creator else None,
        "policies": [{"id": policy.id, "name": policy.name, "penalty": policy.severity}] if policy else [],
        "decision": {
            "id": decision.uid,
            "kind": decision.kind,
            "decidedAt": to_micros(decision.decided_at),
            "policyVersion": decision.policy_version,
            "reason": decision.reason,
        },
        "actor": actor,
        "byPerson": decision.decided_by_id is not None,
        "reporters": [{"id": reporter.id, "typeId": reporter.type} for reporter in reporters],
        "note": note,
        "hold": _hold(decision, occasion, snapshot),
        "told": _told(decision, occasion, snapshot),
    }


def _hold(decision: Decision, occasion: Occasion, snapshot: Snapshot) -> dict[str, Any] | None:
    """Of what is only held: until when, and what the person who wrote it is told of that, by language."""
    if decision.kind != Decision.Kind.HOLD:
        return None
    return {"until": to_micros(decision.hold.until), "statements": statements(occasion, snapshot)}


def _told(decision: Decision, occasion: Occasion, snapshot: Snapshot) -> dict[str, str] | None:
    """What the person who wrote it is told. Whoever decides is asked for what is missing; nothing keeps a machine from
    acting, nor anybody from taking something back."""
    strict = decision.decided_by_id is not None and occasion.when != "back"
    found = told(occasion, snapshot, strict=strict)
    return {"text": found.text, "language": found.language, "template": found.template} if found else None


def occasion_of(decision: Decision, taken: ActionTaken, action: Action, item: Item | None) -> Occasion:
    """What a licence stands on is not told outside."""
    hold = decision.hold if decision.kind == Decision.Kind.HOLD else None
    by_licence = hold is not None and hold.cause == Hold.Cause.LICENCE
    return Occasion(
        when=_when(decision, taken),
        ref=Ref(taken.item_type, taken.item_id),
        item=item,
        action=action,
        policy=decision.policy,
        decision=decision.uid,
        at=decision.decided_at,
        reason="" if by_licence else decision.reason,
        until=hold.until if hold else None,
    )


def _when(decision: Decision, taken: ActionTaken) -> When:
    if taken.undoes is not None:
        return "back"
    if decision.kind == Decision.Kind.HOLD:
        return "hold_by_person" if decision.decided_by_id else "hold"
    return "act"
