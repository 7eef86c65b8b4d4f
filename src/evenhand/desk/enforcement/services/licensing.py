"""Holds by licence: what a licence covers is hidden while its case waits, as far as its policy's budget reaches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import scores
from evenhand.desk.cases.queries.scores import Scored
from evenhand.desk.enforcement.models import Decision, Hold
from evenhand.desk.enforcement.queries import licences
from evenhand.desk.enforcement.services import auditing
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import take
from evenhand.desk.enforcement.services.holds import reaches
from evenhand.desk.enforcement.services.telling import Occasion, known, told
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Event, Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage import holds
from evenhand.engine.triage.licence import Licence

ACTOR = "system:licences"


def absorb(events: Sequence[Event], signals: Sequence[Signal]) -> None:
    """In the fold's transaction, after the cases were ranked."""
    limited = licences.limited(policies.current())
    if not limited:
        return
    refs = {event.subject for event in events} | {signal.subject for signal in signals}
    open_ = scores.scored(refs, limited)
    held = _held(open_)
    held |= _place([one for one in open_ if one.case not in held], limited)
    auditing.draw(open_, held)


def _held(open_: Sequence[Scored]) -> set[int]:
    cases_ = [one.case for one in open_]
    found = Hold.objects.filter(decision__case__in=cases_, cause=Hold.Cause.LICENCE)
    return set(found.values_list("decision__case", flat=True))


def _place(open_: Sequence[Scored], limited: Mapping[str, Policy]) -> set[int]:
    """Cases that are held from now on."""
    granted = licences.granted(limited)
    by_case = {str(one.case): one for one in open_ if _covers(granted.get(one.policy), one)}
    if not by_case or licences.stopped() is not None:
        return set()
    taken = _not_again([one.ref for one in by_case.values()])
    candidates = [
        holds.Candidate(
            case=case,
            policy=one.policy,
            score=one.score,
            lane=one.lane,
            rank=one.rank,
            worth=one.worth,
            dismissed=one.ref in taken,
        )
        for case, one in by_case.items()
    ]
    wanted = {one.policy for one in candidates}
    budgets = {name: licences.budget(limited[name]) for name in wanted}
    placed = holds.place(candidates, granted, budgets, licences.together(policies.current().platform))
    _note_covered([one for one in by_case.values() if one.ref not in taken])
    return {
        by_case[one.case].case
        for one in placed
        if _hold(by_case[one.case], limited[one.policy], holds.reason(one, granted[one.policy]))
    }


def _note_covered(covered: Sequence[Scored]) -> None:
    now = now_micros()
    sql.insert_many(
        "enforcement_covered",
        ("case_id", "policy", "at", "worth"),
        [(one.case, one.policy, now, one.worth) for one in covered],
        " ON CONFLICT (case_id) DO UPDATE SET policy = excluded.policy, at = excluded.at, worth = excluded.worth",
    )


def _covers(licence: Licence | None, one: Scored) -> bool:
    return licence is not None and licence.score is not None and one.score >= licence.score


def _not_again(refs: Collection[Ref]) -> set[Ref]:
    """Items that are held already, or on which a person has spoken: they found nothing, or showed one again."""
    these = Q()
    for ref in refs:
        these |= Q(item_type=ref.type, item_id=ref.id)
    over = Q(ended_at__isnull=True) | Q(end__in=(Hold.End.RELEASED, Hold.End.EXPIRED))
    found = list(Hold.objects.filter(these, over).values_list("item_type", "item_id"))
    spoken = Decision.objects.filter(these, kind__in=(Decision.Kind.DISMISS, Decision.Kind.OVERTURN))
    found += spoken.filter(undone_at__isnull=True).values_list("item_type", "item_id")
    return {Ref(type_, id_) for type_, id_ in found}


def _hold(one: Scored, policy: Policy, reason: str) -> bool:
    """False where the policy's action does not reach the item."""
    snapshot = policies.current()
    action = snapshot.actions.get(policy.hold or "")
    if action is None or action.undo is None or not reaches(action, one.ref):
        return False
    now = timezone.now()
    until = now + timedelta(hours=policy.hold_hours)
    uid = uuid4().hex
    occasion = Occasion(
        when="hold",
        ref=one.ref,
        item=known(one.ref),
        action=action,
        policy=policy.id,
        decision=uid,
        at=now,
        until=until,
    )
    words = told(occasion, snapshot)
    note = words.text if words else ""
    decision = Decision.objects.create(
        uid=uid,
        case_id=one.case,
        kind=Decision.Kind.HOLD,
        item_type=one.ref.type,
        item_id=one.ref.id,
        policy=policy.id,
        policy_version=snapshot.version,
        reason=note,
        key_name=f"{Hold.Cause.LICENCE}:{policy.id}",
        decided_at=now,
        effective_at=now,
    )
    Hold.objects.create(
        decision=decision,
        item_type=one.ref.type,
        item_id=one.ref.id,
        cause=Hold.Cause.LICENCE,
        name=policy.id,
        reason=reason,
        score=one.score,
        views=one.views,
        placed_at=now,
        until=until,
    )
    [(checked, values)] = check([Chosen(action.id)], one.ref.type, snapshot)
    take(decision, checked, values, snapshot=snapshot, ref=one.ref, case_id=one.case, note=note)
    record(
        Act.HELD,
        actor=ACTOR,
        obj=f"decision:{decision.uid}",
        payload={
            "item": [one.ref.type, one.ref.id],
            "policy": policy.id,
            "why": reason,
            "until": until.isoformat(),
            "action": action.id,
        },
        policy_version=snapshot.version,
    )
    return True
