"""What rules and banks do without a person, as far as a policy lets them: hold an item while its case waits, or act;
and how any hold ends.

A hold is never a verdict: it can be taken back, it expires, and it ends with the decision of its case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.cases.services import lock
from evenhand.desk.enforcement.models import Decision, Hold
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import take
from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.enforcement.services.undo import cancel_all, compensate, let_go
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Event, Ref, Signal
from evenhand.engine.platform import Action

SYSTEM = "system:holds"
_MOST_AT_ONCE = 200
_ENDING = (Decision.Kind.ACT, Decision.Kind.DISMISS, Decision.Kind.OVERTURN)


def absorb(_events: Sequence[Event], signals: Sequence[Signal]) -> None:
    """In the fold's transaction: carry out what licensed rules and banks ask for. Cases were opened before."""
    for signal in signals:
        if signal.effect == "hold":
            _hold(signal)
        elif signal.effect == "act":
            _act(signal)


def settle(decision: Decision) -> None:
    """In the decision's transaction: its item's hold ends with it, and is there again when the decision is undone. An
    appeal that is accepted ends it, too."""
    if decision.kind not in _ENDING or not decision.closes:
        return
    if decision.undone_at is not None:
        _resume(decision)
        return
    hold = _open(decision.item_type, decision.item_id)
    if hold is not None:
        end = Hold.End.DECIDED if _hides(decision, hold) else Hold.End.RELEASED
        by = decision.decided_by
        _end(hold, end, actor_of(by) if by else decision.key_name, by, due=decision.effective_at)


def _hides(decision: Decision, hold: Hold) -> bool:
    """Whether the decision itself hides the item as the hold did: what only warns somebody shows it again."""
    held = set(hold.decision.actions.values_list("action", flat=True))
    return decision.kind == Decision.Kind.ACT and decision.actions.filter(action__in=held).exists()


def release(hold_id: int, by: User) -> Hold:
    """A person lets go of what is held, without deciding its case. A person's hold that has not left yet is as if it
    had never been. Raises Invalid: it has ended already."""
    with transaction.atomic():
        hold = _still_open(hold_id)
        if hold is None:
            raise Invalid("This hold has ended already.")
        if let_go(hold.decision, by):
            hold.refresh_from_db()
            return hold
        return _end(hold, Hold.End.RELEASED, actor_of(by), by)


def _still_open(hold_id: int) -> Hold | None:
    """With its case locked: whoever decides that case, or lets go as well, ends the hold before or not at all."""
    held = Decision.objects.filter(hold=hold_id).first()
    if held is not None and held.case_id is not None:
        lock(held.case_id)
    return Hold.objects.filter(pk=hold_id, ended_at__isnull=True).first()


def end_withdrawn(hold: Hold, actor: str) -> None:
    """In the caller's transaction: what this open hold rested on was taken back."""
    _end(hold, Hold.End.WITHDRAWN, actor, None)


def withdraw(ref: Ref, *, cause: Hold.Cause, name: str, actor: str) -> Hold | None:
    """In the caller's transaction: what the open hold of this rule or bank rested on was taken back, so it ends."""
    hold = _open(ref.type, ref.id)
    if hold is None or (hold.cause, hold.name) != (cause, name):
        return None
    return _end(hold, Hold.End.WITHDRAWN, actor, None)


def expire() -> int:
    """End the holds whose time is up; how many."""
    due = Hold.objects.filter(ended_at__isnull=True, until__lte=timezone.now()).order_by("until")[:_MOST_AT_ONCE]
    for hold in due:
        with transaction.atomic():
            _end(hold, Hold.End.EXPIRED, SYSTEM, None)
    return len(due)


def _hold(signal: Signal) -> None:
    snapshot = policies.current()
    policy = snapshot.policies.get(signal.policy or "")
    action = snapshot.actions.get(policy.hold or "") if policy else None
    case_id = cases.open_review(signal.subject)
    if action is None or action.undo is None or case_id is None or not reaches(action, signal.subject):
        return
    if _was_released(signal) or _open(signal.subject.type, signal.subject.id) is not None:
        return
    decision = _decide(signal, Decision.Kind.HOLD, case_id)
    hold = Hold.objects.create(
        decision=decision,
        item_type=signal.subject.type,
        item_id=signal.subject.id,
        cause=_cause(signal),
        name=_name(signal),
        reason=signal.summary,
        placed_at=decision.decided_at,
        until=decision.decided_at + timedelta(hours=signal.evidence["hours"]),
    )
    [(checked, values)] = check([Chosen(action.id)], signal.subject.type, snapshot)
    take(decision, checked, values, snapshot=snapshot, ref=signal.subject, case_id=case_id, note=signal.summary)
    record_rule(Act.HELD, signal, decision, {"until": hold.until.isoformat(), "action": action.id})


def _was_released(signal: Signal) -> bool:
    """A person has shown this item again: the same rule or bank does not hide it a second time. Its case says that it
    fired."""
    subject = signal.subject
    found = Hold.objects.filter(item_type=subject.type, item_id=subject.id, cause=_cause(signal), name=_name(signal))
    return found.filter(end=Hold.End.RELEASED).exists()


def _act(signal: Signal) -> None:
    """Its case stays open: a person sees afterwards what the rule did."""
    case_id = cases.open_review(signal.subject)
    if case_id is None or Decision.objects.filter(key_name=signal.detector, case=case_id).exists():
        return
    snapshot = policies.current()
    try:
        [(action, values)] = check([Chosen(signal.evidence["action"])], signal.subject.type, snapshot)
    except Invalid:
        return
    decision = _decide(signal, Decision.Kind.ACT, case_id, needs_second=action.two_person)
    take(decision, action, values, snapshot=snapshot, ref=signal.subject, case_id=case_id, note=signal.summary)
    record_rule(Act.RULE_ACTED, signal, decision, {"action": action.id})


def _decide(signal: Signal, kind: str, case_id: int, *, needs_second: bool = False) -> Decision:
    now = timezone.now()
    return Decision.objects.create(
        uid=uuid4().hex,
        case_id=case_id,
        kind=kind,
        item_type=signal.subject.type,
        item_id=signal.subject.id,
        policy=signal.policy,
        policy_version=policies.current().version,
        reason=signal.summary,
        key_name=signal.detector,
        decided_at=now,
        effective_at=now,
        needs_second=needs_second,
    )


def record_rule(act: Act, signal: Signal, decision: Decision, more: dict[str, object]) -> None:
    record(
        act,
        actor=f"system:{_ACTORS[_cause(signal)]}",
        obj=f"decision:{decision.uid}",
        payload={
            "item": [signal.subject.type, signal.subject.id],
            "event": signal.event_id,
            _WORDS[_cause(signal)]: _name(signal),
            "rules": signal.version,
            "why": signal.summary,
            **more,
        },
        policy_version=decision.policy_version,
    )


def _end(hold: Hold, end: str, actor: str, by: User | None, *, due: datetime | None = None) -> Hold:
    """`decided`: nothing leaves, as the decision's own actions do. Else the action that shows the item again, at `due`:
    not before the decision that ends the hold can no longer be undone."""
    hold.ended_at, hold.end = timezone.now(), end
    hold.save(update_fields=["ended_at", "end"])
    if end != Hold.End.DECIDED:
        _show_again(hold, by, due or hold.ended_at)
    payload = {"item": [hold.item_type, hold.item_id], _WORDS[Hold.Cause(hold.cause)]: hold.name, "end": end}
    record(Act.RELEASED, actor=actor, obj=f"decision:{hold.decision.uid}", payload=payload)
    return hold


def _show_again(hold: Hold, by: User | None, due: datetime) -> None:
    held = hold.decision
    back = Decision.objects.create(
        uid=uuid4().hex,
        case=held.case,
        kind=Decision.Kind.RELEASE,
        item_type=hold.item_type,
        item_id=hold.item_id,
        policy=held.policy,
        policy_version=policies.current().version,
        reason=hold.reason,
        decided_by=by,
        key_name="" if by else held.key_name,
        decided_at=hold.ended_at,
        effective_at=due,
        reverses=held,
    )
    compensate(back, list(held.actions.all()))


def _resume(undone: Decision) -> None:
    """The decision that ended a hold was taken back before anything left: its case waits again, and so does the hold.

    One whose time is up meanwhile ends the usual way at the next look.
    """
    if undone.case is None:
        return
    of_item = Hold.objects.filter(item_type=undone.item_type, item_id=undone.item_id)
    ended = of_item.filter(ended_at__gte=undone.decided_at).exclude(end__in=(Hold.End.EXPIRED, Hold.End.WITHDRAWN))
    hold = ended.order_by("-pk").first()
    if hold is None or not _stay_hidden(hold):
        return
    hold.ended_at, hold.end = None, ""
    hold.save(update_fields=["ended_at", "end"])


def _stay_hidden(hold: Hold) -> bool:
    """Cancel what would show the item again. False where that has left already."""
    back = Decision.objects.filter(reverses=hold.decision, kind=Decision.Kind.RELEASE, undone_at__isnull=True).last()
    if back is None:
        return True
    if not cancel_all(back):
        return False
    back.undone_at = timezone.now()
    back.save(update_fields=["undone_at"])
    return True


def _open(item_type: str, item_id: str) -> Hold | None:
    found = Hold.objects.filter(item_type=item_type, item_id=item_id, ended_at__isnull=True)
    return found.select_related("decision__case").first()


def reaches(action: Action, ref: Ref) -> bool:
    return not action.retired and (not action.applies_to or ref.type in action.applies_to)


def _name(signal: Signal) -> str:
    return signal.detector.partition(":")[2]


def _cause(signal: Signal) -> Hold.Cause:
    return Hold.Cause(signal.detector.partition(":")[0])


_ACTORS = {Hold.Cause.RULE: "rules", Hold.Cause.BANK: "media"}
_WORDS = {Hold.Cause.RULE: "rule", Hold.Cause.BANK: "bank", Hold.Cause.LICENCE: "policy", Hold.Cause.PERSON: "person"}
