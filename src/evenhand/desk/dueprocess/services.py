"""Appeals: kept as they came, opened as cases that the first decider cannot take, answered when heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
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
        _open_again(decision, decision.undone_by)
    elif decision.kind == Decision.Kind.REVERSE and decision.reverses is not None:
        _open_again(decision.reverses, decision.decided_by)
    elif decision.kind in (Decision.Kind.UPHOLD, Decision.Kind.OVERTURN):
        _hear(Appeal.objects.get(case=decision.case), decision)
    _settle(decision)


def _hear(appeal: Appeal, decision: Decision) -> None:
    accepted = decision.kind == Decision.Kind.OVERTURN
    _end(appeal, "accepted" if accepted else "rejected")
    if accepted:
        _overturn(appeal, decision)
    _answer(appeal, decision, reason=decision.reason, due_at=decision.effective_at)
    record(
        Act.APPEAL_HEARD,
        actor=_who(decision, decision.decided_by),
        obj=f"case:{decision.case_id}",
        payload={"appeal": appeal.appeal_id, "outcome": appeal.outcome, "decision": decision.uid},
        policy_version=decision.policy_version,
    )


def _who(decision: Decision, by: User | None) -> str:
    """What the ledger calls who decided, with the key through which they did."""
    return actor(by) if by else decision.key_name


def _end(appeal: Appeal, outcome: str, settled_by: Decision | None = None) -> None:
    appeal.outcome, appeal.heard_at, appeal.settled_by = outcome, timezone.now() if outcome else None, settled_by
    appeal.save(update_fields=["outcome", "heard_at", "settled_by"])


def _overturn(appeal: Appeal, verdict: Decision) -> None:
    """Take back what is appealed. A decision of which nothing is left was wrong, and so was what its case says."""
    about = queries.about(appeal)
    gone = _left(appeal, about)
    left = decisions.standing_actions(appeal.item_type, appeal.item_id)
    kept = {taken.decision_id for taken in left if taken not in gone}
    enforcement.compensate(verdict, gone)
    for one in about:
        if one.pk not in kept and enforcement.overturn(one, verdict):
            _correct(one, Case.Outcome.DISMISSED, verdict, by=verdict.decided_by)


def _correct(decision: Decision, outcome: Case.Outcome, verdict: Decision, *, by: User | None) -> None:
    """The case that a person decided so, with the records of who reported and who wrote it. What a rule did decided no
    case."""
    if decision.case_id is None or not decision.closes or by is None:
        return
    if not cases.correct(cases.lock(decision.case_id), outcome, decision.policy):
        return
    record(
        Act.CASE_CORRECTED,
        actor=actor(by),
        obj=f"case:{decision.case_id}",
        payload={
            "outcome": outcome.value,
            "decision": decision.uid,
            "verdict": verdict.uid,
            "appeal_case": verdict.case_id,
        },
        policy_version=verdict.policy_version,
    )


def _open_again(gone: Decision, by: User | None) -> None:
    """A verdict on an appeal was taken back: that appeal waits again, and so do those that it settled. What it had
    overturned stands again."""
    if gone.kind not in (Decision.Kind.UPHOLD, Decision.Kind.OVERTURN):
        return
    for one in enforcement.stand_again(gone):
        _correct(one, Case.Outcome.UPHELD, gone, by=by)
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
            if about and not _left(appeal, about):
                _close(appeal, decision)


def _left(appeal: Appeal, about: Sequence[Decision]) -> list[ActionTaken]:
    """Of the actions that it is about, those that still stand: the ones that it names, or all, when it names none of
    theirs."""
    theirs = [taken for one in about for taken in one.actions.all()]
    named = {taken.action for taken in theirs if taken.action in appeal.actions}
    left = decisions.standing_actions(appeal.item_type, appeal.item_id)
    return [taken for taken in left if taken in theirs and (not named or taken.action in named)]


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
        actor=_who(decision, decision.undone_by or decision.decided_by),
        obj=f"case:{case.pk}",
        payload={"appeal": appeal.appeal_id, "outcome": appeal.outcome, "decision": decision.uid},
        policy_version=decision.policy_version,
    )


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
