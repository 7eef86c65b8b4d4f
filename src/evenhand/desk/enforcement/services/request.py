"""Actions that a program asks for with a key of scope `act`: a decision without a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Decision
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import take
from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref


def request_action(
    *,
    action_id: str,
    item: Ref,
    key_name: str,
    policies_: Sequence[str] = (),
    reported_items: Sequence[Ref] = (),
    actor: str = "",
    parameters: Mapping[str, Any] | None = None,
    note: str = "",
    idempotency_key: str = "",
) -> Decision:
    """Take an action on an item at once. The same idempotency key of the same API key gives the first decision again.

    Raises Invalid. A two-person action waits for a person all the same.
    """
    snapshot = policies.current()
    unknown = [policy for policy in policies_ if policy not in snapshot.policies]
    if unknown:
        raise Invalid(f"There is no policy {', '.join(unknown)} (platform document version {snapshot.version}).")
    [(action, values)] = check([Chosen(action_id, parameters or {})], item.type, snapshot)
    uid = sha256(f"{key_name}\x00{idempotency_key}".encode()).hexdigest()[:32] if idempotency_key else uuid4().hex
    with transaction.atomic():
        existing = Decision.objects.filter(uid=uid).first()
        if existing is not None:
            return existing
        now = timezone.now()
        decision = Decision.objects.create(
            uid=uid,
            kind=Decision.Kind.ACT,
            item_type=item.type,
            item_id=item.id,
            policy=next(iter(policies_), None),
            policy_version=snapshot.version,
            reason=note,
            key_name=key_name,
            decided_at=now,
            effective_at=now,
            needs_second=action.two_person,
        )
        for ref in (item, *reported_items):
            take(decision, action, values, snapshot=snapshot, ref=ref, note=note)
        record(
            Act.DECISION,
            actor=f"key:{key_name}",
            obj=f"item:{item.type}",
            payload={"decision": uid, "action": action_id, "item": [item.type, item.id], "on_behalf_of": actor},
            policy_version=snapshot.version,
        )
    return decision
