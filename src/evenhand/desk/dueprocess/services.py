"""Appeals: kept as they came, opened as cases that the first decider cannot take, answered when heard."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries import decisions
from evenhand.desk.enforcement.queries.decisions import ActionTaken, Decision
from evenhand.desk.fields import from_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import AppealMade, Event, Signal


def absorb(events: Sequence[Event], _signals: Sequence[Signal]) -> None:
    """Subscribed to the fold: each appeal once, in its transaction. A second one under the same id changes nothing."""
    for event in events:
        if isinstance(event.body, AppealMade):
            _open(event, event.body)


def _open(event: Event, appeal: AppealMade) -> None:
    kept, is_new = Appeal.objects.get_or_create(
        appeal_id=appeal.appeal_id,
        defaults={
            "event_id": event.id,
            "by_type": appeal.by.type,
            "by_id": appeal.by.id,
            "item_type": appeal.item.ref.type,
            "item_id": appeal.item.ref.id,
            "actions": list(appeal.actions),
            "policies": list(appeal.policies),
            "reason": appeal.reason,
            "appealed_at": from_micros(appeal.appealed_at),
            "received_at": from_micros(event.at),
        },
    )
    if not is_new:
        return
    earlier = decisions.standing(appeal.item.ref)
    known = [policy for policy in appeal.policies if policy in policies.current().policies]
    kept.case = cases.open_appeal(
        appeal.appeal_id,
        appeal.item,
        author=appeal.item.creator or appeal.by,
        policy=next(iter(known), None) or next((one.policy for one in earlier if one.policy), None),
        deciders=list({one.decided_by for one in earlier if one.decided_by}),
        sentence="An appeal waits for a second look",
    )
    kept.save(update_fields=["case"])


def heard(decision: Decision) -> None:
    """Subscribed to decisions: an appeal case was decided, or that was undone."""
    if decision.kind not in (Decision.Kind.UPHOLD, Decision.Kind.OVERTURN):
        return
    appeal = Appeal.objects.get(case=decision.case)
    if decision.undone_at is not None:
        appeal.outcome, appeal.heard_at = "", None
        appeal.save(update_fields=["outcome", "heard_at"])
        return
    accepted = decision.kind == Decision.Kind.OVERTURN
    appeal.outcome, appeal.heard_at = ("accepted" if accepted else "rejected"), timezone.now()
    appeal.save(update_fields=["outcome", "heard_at"])
    if accepted:
        enforcement.compensate(decision, _appealed(appeal))
    _answer(appeal, decision)
    record(
        Act.APPEAL_HEARD,
        actor=f"user:{decision.decided_by}",
        obj=f"case:{decision.case_id}",
        payload={"appeal": appeal.appeal_id, "outcome": appeal.outcome, "decision": decision.uid},
        policy_version=decision.policy_version,
    )


def _appealed(appeal: Appeal) -> list[ActionTaken]:
    """The actions that still stand on the item, and that the appeal names (all, when it names none)."""
    taken = decisions.standing_actions(appeal.item_type, appeal.item_id)
    named = set(appeal.actions)
    return [one for one in taken if not named or one.action in named]


def _answer(appeal: Appeal, decision: Decision) -> None:
    """Tell the platform, when its document names where."""
    destination = policies.current().platform.appeal_destination
    if destination is None:
        return
    enforcement.enqueue(
        f"msg_{uuid4().hex}",
        destination=destination,
        kind="appeal",
        payload={
            "appealId": appeal.appeal_id,
            "appealDecision": "ACCEPT" if appeal.outcome == "accepted" else "REJECT",
            "appealedBy": {"id": appeal.by_id, "typeId": appeal.by_type},
            "item": {"id": appeal.item_id, "typeId": appeal.item_type},
            "decisionReason": decision.reason,
            "decision": decision.uid,
        },
        due_at=decision.effective_at,
        decision=decision,
    )
