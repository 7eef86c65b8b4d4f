"""Taking a decision back: without trace outside while its webhooks wait, later by a compensating action."""

from __future__ import annotations

from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement.models import ActionTaken, Decision, Delivery, Hold, SecondLook
from evenhand.desk.enforcement.queries.decisions import left_of
from evenhand.desk.enforcement.services import again
from evenhand.desk.enforcement.services.decide import announce, take
from evenhand.desk.enforcement.services.errors import CannotUndo
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref


def undo(uid: str, by: User) -> Decision | SecondLook:
    """Take a decision back. Nothing has left yet: its webhooks are cancelled and the case is open again. Something has
    left: a decision of kind `reverse` sends the actions that take it back.

    Raises CannotUndo, cases.Barred.
    """
    with transaction.atomic():
        if look := again.take_back(uid, by):
            return look
        decision = _lock(uid)
        if decision.undone_at is not None or decision.reversals.exists():
            raise CannotUndo("This decision was taken back already.")
        if decision.overturned_by is not None:
            raise CannotUndo(_told(decision.overturned_by))
        if decision.kind == Decision.Kind.HOLD and let_go(decision, by):
            return decision
        if decision.kind in (Decision.Kind.HOLD, Decision.Kind.RELEASE):
            raise CannotUndo("This is held, and nobody decided it yet: release the hold, or decide the case.")
        if decision.kind == Decision.Kind.REVERSE:
            raise CannotUndo("This decision took another one back: decide the case again instead.")
        if decision.case_id is not None:
            decision.case = cases.lock(decision.case_id)
            cases.may_decide(decision.case, by)
        if cancel_all(decision):
            return _forget(decision, by)
        return reverse(decision, by)


def let_go(decision: Decision, by: User) -> bool:
    """In the caller's transaction: a person's hold of which nothing has left is as if it had never been; its case waits
    all along. False: it is no such hold."""
    hold = decision.hold
    if decision.decided_by_id is None or hold.ended_at is not None or not cancel_all(decision):
        return False
    hold.ended_at, hold.end = timezone.now(), Hold.End.WITHDRAWN
    hold.save(update_fields=["ended_at", "end"])
    _forget(decision, by)
    return True


def _lock(uid: str) -> Decision:
    decisions = Decision.objects.filter(uid=uid)
    if connection.features.has_select_for_update:
        decisions = decisions.select_for_update(of=("self",))
    decision = decisions.first()
    if decision is None:
        raise CannotUndo(f"There is no decision {uid}.")
    return decision


def _told(verdict: Decision) -> str:
    who = verdict.decided_by.pseudonym if verdict.decided_by else verdict.key_name
    return (
        f"{who} accepted an appeal against this decision on {verdict.decided_at:%Y-%m-%d %H:%M} UTC"
        f" (case {verdict.case_id}): it was taken back with that."
    )


def cancel_all(decision: Decision) -> bool:
    """Cancel what has not left. False, and nothing is cancelled, when something has left or is leaving now."""
    rows = list(Delivery.objects.select_for_update().filter(decision=decision))
    if not rows:
        return bool(decision.effective_at > timezone.now())
    if not all(_has_not_left(row) for row in rows):
        return False
    Delivery.objects.filter(decision=decision).update(state=Delivery.State.CANCELLED)
    return True


def _has_not_left(row: Delivery) -> bool:
    waits = row.state in (Delivery.State.PENDING, Delivery.State.WAITING)
    return waits and row.attempts == 0 and row.leased_until is None


def _forget(decision: Decision, by: User) -> Decision:
    decision.undone_at, decision.undone_by = timezone.now(), by
    decision.save(update_fields=["undone_at", "undone_by"])
    if decision.case is not None and decision.case.state == Case.State.CLOSED:
        cases.reopen(decision.case)
    announce(decision)
    record(Act.UNDO, actor=actor_of(by), obj=f"decision:{decision.uid}", policy_version=decision.policy_version)
    return decision


def reverse(decision: Decision, by: User, *, kind: str = Decision.Kind.REVERSE) -> Decision:
    """In the caller's transaction: a decision that takes back the actions of `decision`, and opens its case again.

    Raises CannotUndo when one of its actions has nothing that takes it back.
    """
    snapshot = policies.current()
    taken = left_of(decision)
    stuck = [one.action for one in taken if _undo_action(one) is None]
    if stuck:
        raise CannotUndo(
            f"{', '.join(stuck)}: the platform document names no action that takes this back. "
            "Name one as `undo`, or ask the platform to do it by hand."
        )
    now = timezone.now()
    back = Decision.objects.create(
        uid=uuid4().hex,
        case=decision.case,
        kind=kind,
        item_type=decision.item_type,
        item_id=decision.item_id,
        policy=decision.policy,
        policy_version=snapshot.version,
        decided_by=by,
        decided_at=now,
        effective_at=now,
        reverses=decision,
    )
    compensate(back, taken)
    if decision.case is not None and decision.case.state == Case.State.CLOSED and kind == Decision.Kind.REVERSE:
        cases.reopen(decision.case)
    announce(back)
    record(
        Act.REVERSAL,
        actor=actor_of(by),
        obj=f"decision:{decision.uid}",
        payload={"by_decision": back.uid, "actions": [one.uid for one in taken]},
        policy_version=snapshot.version,
    )
    return back


def _undo_action(taken: ActionTaken) -> str | None:
    action = policies.current().actions.get(taken.action)
    return action.undo if action else None


def compensate(decision: Decision, taken: list[ActionTaken]) -> None:
    """In the caller's transaction: `decision` sends, for each of these, the action that takes it back, if any."""
    snapshot = policies.current()
    for one in taken:
        action = snapshot.actions.get(_undo_action(one) or "")
        if action is not None:
            take(decision, action, {}, snapshot=snapshot, ref=Ref(one.item_type, one.item_id), undoes=one)


def second(uid: str, by: User) -> Decision:
    """The second person's consent to a two-person decision: its webhooks are due. Raises CannotUndo, cases.Barred."""
    with transaction.atomic():
        decision = _lock(uid)
        if not decision.needs_second or decision.seconded_at or decision.undone_at or decision.overturned_by_id:
            raise CannotUndo("This decision does not wait for a second person.")
        if decision.decided_by_id == by.pk:
            raise cases.Barred("You made this decision: somebody else must consent to it.")
        if decision.case is not None:
            cases.may_decide(decision.case, by)
        decision.seconded_by, decision.seconded_at = by, timezone.now()
        decision.save(update_fields=["seconded_by", "seconded_at"])
        Delivery.objects.filter(decision=decision, state=Delivery.State.WAITING).update(
            state=Delivery.State.PENDING, due_at=timezone.now()
        )
        record(Act.SECOND, actor=actor_of(by), obj=f"decision:{uid}", policy_version=decision.policy_version)
    return decision
