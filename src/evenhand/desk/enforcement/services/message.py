"""What the platform is told of one action: all that is known at the time; a connector gives it its shape."""

from __future__ import annotations

from typing import Any

from evenhand.desk.enforcement.models import ActionTaken, Decision
from evenhand.desk.enforcement.services.statement import statements
from evenhand.desk.fields import to_micros
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Ref
from evenhand.engine.platform import Action


def action_message(
    taken: ActionTaken,
    action: Action,
    decision: Decision,
    *,
    snapshot: Snapshot,
    creator: Ref | None,
    actor: str,
    reporters: list[Ref],
    note: str = "",
) -> dict[str, Any]:
    """JSON-able. `actor` is a pseudonym or the name of a key: never an address."""
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
        "hold": _hold(decision, policy.name if policy else ""),
    }


def _hold(decision: Decision, policy: str) -> dict[str, Any] | None:
    """Of what is only held: until when, and what the person who wrote it is told of that."""
    if decision.kind != Decision.Kind.HOLD:
        return None
    until, by_person = decision.hold.until, decision.decided_by_id is not None
    return {"until": to_micros(until), "statements": statements(policy, until, by_person=by_person)}
