"""A person holds an item while its case waits: no verdict, under a policy that names how, for a time they choose."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement.models import Decision, Hold
from evenhand.desk.enforcement.queries.holds import blind, open_hold
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import as_seen, take
from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.enforcement.services.holds import reaches
from evenhand.desk.enforcement.services.telling import Occasion, known, told
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Ref
from evenhand.engine.platform import Action, Policy
from evenhand.runtime import config

USUAL_HOURS = (1.0, 6.0, 24.0, 72.0)
"""Offered beside the longest that the policy allows."""
SHORTEST = 0.25


def durations(policy: Policy) -> list[float]:
    """Hours for which a person may hold under it, the shortest first: none is longer than `hold_hours`."""
    return sorted({hours for hours in USUAL_HOURS if hours < policy.hold_hours} | {policy.hold_hours})


def hiding(policy: Policy | None, ref: Ref, snapshot: Snapshot) -> Action | None:
    """The action that hides such an item under this policy; None where nothing may be held."""
    action = snapshot.actions.get(policy.hold or "") if policy else None
    return action if action and action.undo is not None and reaches(action, ref) else None


def hold(
    case_id: int, *, version: int, by: User, policy: str | None, hours: float | None = None, reason: str = ""
) -> Decision:
    """Hide the item of an open case for so many hours at most (None: as long as the policy allows). The case stays
    open. It leaves when the time to undo is over.

    It is no audit and no decision: no licence is earned or lost by it. Raises Conflict, Invalid, cases.Held,
    cases.Barred, cases.NoSuchCase.
    """
    with transaction.atomic():
        case = cases.lock(case_id)
        as_seen(case, version)
        cases.may_decide(case, by)
        cases.not_held_by_other(case, by)
        snapshot = policies.current()
        under, action = _checked(case, policy, hours, snapshot)
        return _place(case, under, action, hours or under.hold_hours, by=by, reason=reason, snapshot=snapshot)


def _checked(case: Case, policy: str | None, hours: float | None, snapshot: Snapshot) -> tuple[Policy, Action]:
    ref = Ref(case.item_type, case.item_id)
    under = snapshot.policies.get(policy or "")
    if case.kind == Case.Kind.APPEAL or under is None:
        raise Invalid(_("Choose the policy under which it is held: press a digit."))
    action = hiding(under, ref, snapshot)
    if action is None:
        raise Invalid(
            _("Under “%(policy)s” nothing like this can be held: its policy names no action that hides it.")
            % {"policy": under.name}
        )
    if hours is not None and not min(SHORTEST, under.hold_hours) <= hours <= under.hold_hours:
        raise Invalid(
            _("Under “%(policy)s” it is held for a quarter of an hour at least, and for %(hours)s hours at most.")
            % {"policy": under.name, "hours": f"{under.hold_hours:g}"}
        )
    _refuse_held(case, ref)
    return under, action


def _refuse_held(case: Case, ref: Ref) -> None:
    """What must not be known of a case before it is decided is not told by this, either."""
    held = open_hold(ref)
    if case.kind != Case.Kind.REVIEW or (held and blind([held.decision])):
        raise Invalid(_("It cannot be held at present: decide it."))
    if held:
        raise Invalid(_("It is held already, until %(until)s UTC.") % {"until": f"{held.until:%Y-%m-%d %H:%M}"})


def _place(
    case: Case, policy: Policy, action: Action, hours: float, *, by: User, reason: str, snapshot: Snapshot
) -> Decision:
    now, ref = timezone.now(), Ref(case.item_type, case.item_id)
    decision = Decision.objects.create(
        uid=uuid4().hex,
        case=case,
        kind=Decision.Kind.HOLD,
        item_type=ref.type,
        item_id=ref.id,
        policy=policy.id,
        policy_version=snapshot.version,
        reason=reason,
        decided_by=by,
        decided_at=now,
        effective_at=now + timedelta(seconds=config.current().undo_seconds),
    )
    until = now + timedelta(hours=hours)
    Hold.objects.create(
        decision=decision,
        item_type=ref.type,
        item_id=ref.id,
        cause=Hold.Cause.PERSON,
        name=by.pseudonym,
        reason=reason,
        placed_at=now,
        until=until,
    )
    [(checked, values)] = check([Chosen(action.id)], ref.type, snapshot)
    take(decision, checked, values, snapshot=snapshot, ref=ref, case_id=case.pk, note=_told(decision, action, snapshot))
    record(
        Act.HELD,
        actor=actor(by),
        obj=f"decision:{decision.uid}",
        payload={
            "item": [ref.type, ref.id],
            "policy": policy.id,
            "why": reason,
            "until": until.isoformat(),
            "action": action.id,
        },
        policy_version=snapshot.version,
    )
    return decision


def _told(decision: Decision, action: Action, snapshot: Snapshot) -> str:
    """What stands in the webhook beside the action; "" where the person is not told of it."""
    ref = Ref(decision.item_type, decision.item_id)
    occasion = Occasion(
        when="hold_by_person",
        ref=ref,
        item=known(ref),
        action=action,
        policy=decision.policy,
        decision=decision.uid,
        at=decision.decided_at,
        reason=decision.reason,
        until=decision.hold.until,
    )
    found = told(occasion, snapshot)
    return found.text if found else ""
