"""The decision: with its actions, outbox rows and ledger entry, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import facts as case_facts
from evenhand.desk.enforcement.models import ActionTaken, Decision, SecondLook
from evenhand.desk.enforcement.services import again
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.errors import Conflict, Invalid, NeedsConfirmation
from evenhand.desk.enforcement.services.message import action_message
from evenhand.desk.enforcement.services.outbox import enqueue
from evenhand.desk.enforcement.services.telling import missing
from evenhand.desk.intake.queries import facts as items
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Ref
from evenhand.engine.platform import Action
from evenhand.engine.platform.telling import Unfilled
from evenhand.runtime import config

Subscriber = Callable[[Decision], None]
_subscribers: list[Subscriber] = []
_OUTCOME = {Decision.Kind.ACT: Case.Outcome.UPHELD, Decision.Kind.DISMISS: Case.Outcome.DISMISSED}


def subscribe(subscriber: Subscriber) -> None:
    """`subscriber(decision)` is called inside the transaction of each decision on a case, and of its undo (`undone_at`
    is set then)."""
    _subscribers.append(subscriber)


def announce(decision: Decision) -> None:
    for subscriber in _subscribers:
        subscriber(decision)


def decide(
    case_id: int,
    *,
    version: int,
    by: User,
    kind: str,
    policy: str | None,
    actions: Sequence[Chosen] = (),
    reason: str = "",
    confirmed: bool = False,
    seconds: float | None = None,
) -> Decision | SecondLook:
    """Decide an open case as this person saw it (`version`). Where that was a second look, nothing follows from it.

    Raises Conflict, Invalid, NeedsConfirmation; cases.Held, cases.Barred, cases.NoSuchCase. Nothing is changed then.
    """
    with transaction.atomic():
        case = cases.lock(case_id)
        as_seen(case, version)
        cases.may_decide(case, by)
        cases.not_held_by_other(case, by)
        snapshot = policies.current()
        chosen = choose(case, kind, policy, actions, snapshot)
        if not confirmed:
            ask_back([action for action, _ in chosen])
        if case.kind == Case.Kind.SECOND:
            return again.answer(case, kind=kind, policy=policy, chosen=chosen, by=by, reason=reason, seconds=seconds)
        return settle(case, kind=kind, policy=policy, chosen=chosen, by=by, reason=reason, seconds=seconds)


def settle(
    case: Case,
    *,
    kind: str,
    policy: str | None,
    chosen: Sequence[tuple[Action, dict[str, Any]]],
    by: User | None,
    reason: str = "",
    seconds: float | None = None,
    key_name: str = "",
    more: Mapping[str, Any] | None = None,
) -> Decision:
    """In the caller's transaction, on the locked case, when all was asked: the decision with all that follows from it.

    `by` None: the machine decides, under the name `key_name`. `more` goes to the ledger with it.
    """
    snapshot = policies.current()
    decision = _write(
        case,
        kind=kind,
        policy=policy,
        reason=reason,
        by=by,
        key_name=key_name,
        snapshot=snapshot,
        seconds=seconds,
        needs_second=any(action.two_person for action, _ in chosen),
    )
    cases.close(case, _OUTCOME.get(Decision.Kind(kind), ""), policy)
    for action, parameters in chosen:
        take(decision, action, parameters, snapshot=snapshot, ref=Ref(case.item_type, case.item_id), case_id=case.pk)
    announce(decision)
    record(
        Act.DECISION,
        actor=actor_of(by) if by else key_name,
        obj=f"case:{case.pk}",
        payload={
            "decision": decision.uid, "kind": kind, "policy": policy, "reason": reason,
            "item": [case.item_type, case.item_id],
            "actions": [[action.id, parameters] for action, parameters in chosen],
            **(more or {}),
        },
        policy_version=snapshot.version,
    )  # fmt: skip
    return decision


def as_seen(case: Case, version: int) -> None:
    """Raises Conflict: it is not open, or not as this person saw it."""
    if case.state == Case.State.OPEN and case.version == version:
        return
    raise Conflict(*describe_last(case))


def describe_last(case: Case) -> tuple[str, datetime, str]:
    """Who changed this case last, when, and how."""
    look = SecondLook.objects.filter(case=case, decided_at__isnull=False).select_related("decided_by").first()
    if look is not None and look.decided_at is not None:
        return _name(look.decided_by), look.decided_at, _words(look.kind, [action for action, _ in look.actions])
    last = Decision.objects.filter(case=case).select_related("decided_by", "undone_by").order_by("-pk").first()
    if last is None:
        return "Somebody", case.changed_at, "the case was changed"
    if last.undone_at:
        return _name(last.undone_by), last.undone_at, "the earlier decision was undone"
    return _name(last.decided_by), last.decided_at, describe(last)


def _name(user: User | None) -> str:
    return user.pseudonym if user else "A program"


def describe(decision: Decision) -> str:
    """What was decided, in a few words."""
    return _words(decision.kind, [taken.action for taken in decision.actions.all()])


def _words(kind: str, actions: Sequence[str]) -> str:
    names = [policies.current().action_name(action) for action in actions]
    return ", ".join(names) or str(Decision.Kind(kind).label)


def choose(
    case: Case, kind: str, policy: str | None, actions: Sequence[Chosen], snapshot: Snapshot
) -> list[tuple[Action, dict[str, Any]]]:
    """The actions with complete parameters. Raises Invalid: this case cannot be decided so."""
    allowed = {"uphold", "overturn"} if case.kind == Case.Kind.APPEAL else {"act", "dismiss"}
    if kind not in allowed:
        raise Invalid(f"A case of kind {case.shown_kind} is decided by {' or '.join(sorted(allowed))}, not by {kind}.")
    if policy is not None and policy not in snapshot.policies:
        raise Invalid(f"There is no policy “{policy}” in the platform document (version {snapshot.version}).")
    if kind != "act":
        if actions:
            raise Invalid(f"“{kind}” takes no actions.")
        return []
    if not actions:
        raise Invalid("Choose at least one action, or decide that there is no violation.")
    if policy is None:
        raise Invalid("Choose the policy that the item breaks: press a digit.")
    return check(actions, case.item_type, snapshot)


def ask_back(actions: Sequence[Action]) -> None:
    """Raises NeedsConfirmation: one of them cannot be taken back, or takes two people."""
    for action in actions:
        if action.two_person:
            raise NeedsConfirmation(f"“{action.name}” takes a second person's consent before it leaves.")
        if action.undo is None:
            raise NeedsConfirmation(f"“{action.name}” cannot be taken back.")


def _write(
    case: Case,
    *,
    kind: str,
    policy: str | None,
    reason: str,
    by: User | None,
    key_name: str,
    snapshot: Snapshot,
    seconds: float | None,
    needs_second: bool,
) -> Decision:
    now = timezone.now()
    return Decision.objects.create(
        uid=uuid4().hex,
        case=case,
        kind=kind,
        item_type=case.item_type,
        item_id=case.item_id,
        policy=policy,
        policy_version=snapshot.version,
        reason=reason,
        decided_by=by,
        key_name=key_name,
        decided_at=now,
        effective_at=now + timedelta(seconds=config.current().undo_seconds),
        needs_second=needs_second,
        case_version=case.version + 1,
        seconds=seconds,
    )


def take(
    decision: Decision,
    action: Action,
    parameters: dict[str, Any],
    *,
    snapshot: Snapshot,
    ref: Ref,
    case_id: int | None = None,
    undoes: ActionTaken | None = None,
    note: str = "",
) -> ActionTaken:
    """In the caller's transaction: the action, and its row in the outbox. Raises Invalid: what its message to the
    judged person needs is missing."""
    taken = ActionTaken.objects.create(
        uid=uuid4().hex,
        decision=decision,
        action=action.id,
        item_type=ref.type,
        item_id=ref.id,
        parameters=parameters,
        undoes=undoes,
    )
    item = items.items([ref]).get(ref)
    try:
        message = action_message(
            taken,
            action,
            decision,
            snapshot=snapshot,
            item=item,
            actor=decision.decided_by.pseudonym if decision.decided_by else decision.key_name,
            reporters=case_facts.reporters(case_id) if case_id else [],
            note=note,
        )
    except Unfilled as hole:
        raise Invalid(missing(hole)) from None
    solo = config.current().solo
    waits = decision.needs_second and not solo
    due = decision.effective_at
    if decision.needs_second and solo:
        due = decision.decided_at + timedelta(minutes=config.current().solo_delay_minutes)
    enqueue(
        f"msg_{taken.uid}",
        destination=action.destination,
        kind="action",
        payload=message,
        due_at=due,
        action=taken,
        decision=decision,
        waiting=waits,
    )
    return taken
