"""Appeals: kept as they came, opened as cases that the first decider cannot take, answered when heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.dueprocess import queries
from evenhand.desk.dueprocess.models import Appeal
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries import decisions
from evenhand.desk.enforcement.queries.decisions import ActionTaken, Decision
from evenhand.desk.fields import from_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import AppealMade, Event, Signal

TAKEN_BACK = "The decision was taken back."
"""What an appellant is told when nobody had to hear them."""


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
    decided_under = [one.policy for one in queries.about(kept) if one.policy]
    named = [policy for policy in appeal.policies if policy in policies.current().policies]
    kept.case = cases.open_appeal(
        appeal.appeal_id,
        appeal.item,
        author=appeal.item.creator or appeal.by,
        policy=next(iter([*decided_under, *named]), None),
        deciders=list({one.decided_by for one in decisions.standing(appeal.item.ref) if one.decided_by}),
        sentence="An appeal waits for a second look",
    )
    kept.save(update_fields=["case"])


def heard(decision: Decision) -> None:
    """Subscribed to decisions: an appeal was heard, or what it appeals was taken back meanwhile; or that was undone."""
    if decision.undone_at is not None:
        _open_again(decision)
    elif decision.kind == Decision.Kind.REVERSE and decision.reverses is not None:
        _open_again(decision.reverses)
    elif decision.kind in (Decision.Kind.UPHOLD, Decision.Kind.OVERTURN):
        _hear(Appeal.objects.get(case=decision.case), decision)
    _settle(decision)


def _hear(appeal: Appeal, decision: Decision) -> None:
    accepted = decision.kind == Decision.Kind.OVERTURN
    _end(appeal, "accepted" if accepted else "rejected")
    if accepted:
        enforcement.compensate(decision, _appealed(appeal))
    _answer(appeal, decision, reason=decision.reason, due_at=decision.effective_at)
    record(
        Act.APPEAL_HEARD,
        actor=f"user:{decision.decided_by}",
        obj=f"case:{decision.case_id}",
        payload={"appeal": appeal.appeal_id, "outcome": appeal.outcome, "decision": decision.uid},
        policy_version=decision.policy_version,
    )


def _end(appeal: Appeal, outcome: str, settled_by: Decision | None = None) -> None:
    appeal.outcome, appeal.heard_at, appeal.settled_by = outcome, timezone.now() if outcome else None, settled_by
    appeal.save(update_fields=["outcome", "heard_at", "settled_by"])


def _open_again(gone: Decision) -> None:
    """A verdict on an appeal was taken back: that appeal waits again, and so do those that it settled."""
    if gone.kind not in (Decision.Kind.UPHOLD, Decision.Kind.OVERTURN):
        return
    _end(Appeal.objects.get(case=gone.case), "")
    for appeal in Appeal.objects.filter(settled_by=gone):
        _end(appeal, "")
        cases.reopen(cases.lock(appeal.case_id or 0))


def _settle(decision: Decision) -> None:
    """Nothing is left to hear where all that an appeal is about was taken back: its appellant has what they asked for,
    and is told. Whoever decides the item anew may be appealed anew."""
    for item in decisions.items_taken_back(decision):
        for appeal in queries.waiting_on(*item):
            about = queries.about(appeal)
            if about and not _still_stands(appeal, about):
                _close(appeal, decision)


def _still_stands(appeal: Appeal, about: Sequence[Decision]) -> bool:
    theirs = [taken for one in about for taken in one.actions.all()]
    named = {taken.action for taken in theirs if taken.action in appeal.actions}
    left = decisions.standing_actions(appeal.item_type, appeal.item_id)
    return any(taken in theirs and (not named or taken.action in named) for taken in left)


def _close(appeal: Appeal, decision: Decision) -> None:
    case = cases.lock(appeal.case_id or 0)
    if case.state != case.State.OPEN:
        return
    cases.close(case, "")
    _end(appeal, "accepted", settled_by=decision)
    other_appeal = decision.kind == Decision.Kind.OVERTURN
    _answer(
        appeal,
        decision,
        reason=decision.reason if other_appeal else TAKEN_BACK,
        due_at=decision.effective_at if other_appeal else timezone.now(),
    )
    record(
        Act.APPEAL_SETTLED,
        actor=f"user:{decision.undone_by or decision.decided_by}",
        obj=f"case:{case.pk}",
        payload={"appeal": appeal.appeal_id, "outcome": appeal.outcome, "decision": decision.uid},
        policy_version=decision.policy_version,
    )


def _appealed(appeal: Appeal) -> list[ActionTaken]:
    """The actions that still stand on the item, and that the appeal names (all, when it names none)."""
    taken = decisions.standing_actions(appeal.item_type, appeal.item_id)
    named = set(appeal.actions)
    return [one for one in taken if not named or one.action in named]


def _answer(appeal: Appeal, decision: Decision, *, reason: str, due_at: datetime) -> None:
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
            "decisionReason": reason,
            "decision": decision.uid,
        },
        due_at=due_at,
        decision=decision,
    )
