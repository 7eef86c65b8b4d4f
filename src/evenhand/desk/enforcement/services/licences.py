"""Grants, changes and withdraws licences to hold as audits are decided; each change is in the ledger."""

from __future__ import annotations

import threading

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Audit, Covered, Decision, Hold, HoldStop, LicenceChange, PolicyLicence
from evenhand.desk.enforcement.queries import licences as queries
from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.enforcement.services.holds import end_withdrawn
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.licence import Licence, licence

ACTOR = "system:licences"
MOST_ENDED = 200
EVERY = 3600.0
"""Seconds after which a licence is computed anew though nothing was decided: audits come of age."""
_dirty: set[str] = set()
_guard = threading.Lock()


def settle(decision: Decision) -> None:
    """In the transaction of each decision and its undo: an audit that finds a hold wrong counts at once, all others at
    the next look."""
    if decision.case_id is None:
        return
    policy = Audit.objects.filter(case=decision.case_id).values_list("policy", flat=True).first()
    if policy is None:
        return
    with _guard:
        _dirty.add(policy)
    if decision.kind == Decision.Kind.DISMISS and decision.undone_at is None:
        _recompute_if_granted(policy)


def _recompute_if_granted(policy: str) -> None:
    if PolicyLicence.objects.filter(policy=policy, score__isnull=False).exists():
        recompute(policy)


def look() -> int:
    """Compute what may have changed since the last look; how many licences were computed. From time to time."""
    with _guard:
        dirty = set(_dirty)
        _dirty.clear()
    limited = queries.limited(policies.current())
    kept = {row.policy: row for row in PolicyLicence.objects.all()}
    now = timezone.now()
    due = {
        policy
        for policy in limited.keys() | kept.keys()
        if policy in dirty
        or policy not in kept
        or policy not in limited
        or kept[policy].limit != limited[policy].hold_limit
        or (now - kept[policy].computed_at).total_seconds() > EVERY
        or _news(kept[policy])
    }
    for policy in sorted(due):
        with transaction.atomic():
            recompute(policy)
    end_uncovered()
    Covered.objects.filter(at__lt=now - queries.WORTH_WINDOW).delete()
    return len(due)


def _news(row: PolicyLicence) -> bool:
    """Whether audits of this policy were decided since: by another process, or by a verdict on an appeal."""
    decided = Audit.objects.filter(policy=row.policy, case__state="closed")
    return decided.filter(case__changed_at__gt=row.computed_at).exists()


def recompute(policy: str) -> Licence | None:
    """In the caller's transaction: what the audits allow now. None: the document lets nothing be held under it."""
    limited = queries.limited(policies.current())
    row = PolicyLicence.objects.select_for_update().filter(policy=policy).first()
    if policy not in limited:
        if row is not None:
            _tell(row, None)
            row.delete()
        return None
    found = licence(queries.drawn(policy), limited[policy].hold_limit)
    now = timezone.now()
    if row is None:
        row = PolicyLicence(policy=policy, score=None, changed_at=now)
    before = row.score
    row.limit, row.nearest = found.limit, found.nearest
    row.audited, row.wrong, row.bound, row.once = found.audited, found.wrong, found.bound, found.once
    row.waiting, row.computed_at = found.waiting, now
    if found.score != before:
        _tell(row, found.score)
        row.score, row.changed_at = found.score, now
    row.save()
    return found


def _tell(row: PolicyLicence, score: float | None) -> None:
    """In the ledger and the history: from the score that `row` has to this one."""
    if score == row.score:
        return
    act = Act.LICENCE_WITHDRAWN if score is None else Act.LICENCE_CHANGED if row.score else Act.LICENCE_GRANTED
    figures = {"limit": row.limit, "audited": row.audited, "wrong": row.wrong, "bound": round(row.bound, 4)}
    entry = record(
        act,
        actor=ACTOR,
        obj="holds:licence",
        payload={"policy": row.policy, "before": row.score, "score": score, **figures},
        policy_version=policies.current().version,
    )
    LicenceChange.objects.create(
        policy=row.policy, at=timezone.now(), before=row.score, score=score, entry=entry, **figures
    )


def end_uncovered() -> int:
    """End holds that no licence covers any more, because it was withdrawn or is stricter now; how many."""
    granted = queries.granted(queries.limited(policies.current()))
    ended = 0
    for hold in _open()[:MOST_ENDED]:
        covering = granted.get(hold.name)
        if covering is None or covering.score is None or (hold.score or 0.0) < covering.score:
            with transaction.atomic():
                end_withdrawn(hold, ACTOR)
            ended += 1
    return ended


def stop(by: User) -> HoldStop:
    """No more holds by licence, and those that are open end. Raises Invalid: they are off already."""
    with transaction.atomic():
        if queries.stopped() is not None:
            raise Invalid("Holds by licence are switched off already.")
        made = HoldStop.objects.create(at=timezone.now(), by=by)
        open_ = list(_open())
        for hold in open_:
            end_withdrawn(hold, actor_of(by))
        record(Act.HOLDS_STOPPED, actor=actor_of(by), obj="holds:licence", payload={"ended": len(open_)})
    return made


def resume(by: User) -> None:
    """What licences cover may be held again. Raises Invalid: they are not off."""
    with transaction.atomic():
        if not HoldStop.objects.filter(ended_at__isnull=True).update(ended_at=timezone.now()):
            raise Invalid("Holds by licence are not switched off.")
        record(Act.HOLDS_RESUMED, actor=actor_of(by), obj="holds:licence")


def _open() -> QuerySet[Hold]:
    found = Hold.objects.filter(cause=Hold.Cause.LICENCE, ended_at__isnull=True)
    return found.select_related("decision__case").order_by("pk")
