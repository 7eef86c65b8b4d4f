"""What may be held by licence now: which policies have one, what their budgets still allow, and what was drawn."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.enforcement.models import Audit, Covered, Hold, HoldStop, LicenceChange, PolicyLicence
from evenhand.desk.intake.queries import arrivals
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.platform import Platform, Policy
from evenhand.engine.triage.holds import WINDOW_HOURS, Budget, least_worth
from evenhand.engine.triage.licence import Drawn, Licence

__all__ = ["HoldStop", "LicenceChange"]

WINDOW = timedelta(hours=WINDOW_HOURS)
WORTH_WINDOW = timedelta(days=3)
"""What a licence covered in so long says what is worth a hold when the budget does not reach for all. ASSUMED."""
COUNTED = 60.0
"""Seconds for which a count of the day's items is good enough."""
PATIENCE = timedelta(days=7)
"""An audit that nobody decided in this time counts as wrong: what is left lying must not make a licence."""
_counts: dict[str, tuple[float, int]] = {}


def limited(snapshot: Snapshot) -> dict[str, Policy]:
    """Policies of which something may be held by licence, if audits allow it."""
    return {policy.id: policy for policy in snapshot.policies.values() if policy.hold_limit > 0 and not policy.retired}


def granted(limited_: Mapping[str, Policy]) -> dict[str, Licence]:
    """Licences in force, by policy: those computed under the limit that the document has now."""
    rows = PolicyLicence.objects.filter(policy__in=limited_, score__isnull=False)
    return {row.policy: of_row(row) for row in rows if row.limit == limited_[row.policy].hold_limit}


def of_row(row: PolicyLicence) -> Licence:
    return Licence(
        score=row.score,
        limit=row.limit,
        nearest=row.nearest,
        audited=row.audited,
        wrong=row.wrong,
        bound=row.bound,
        once=row.once,
        waiting=row.waiting,
    )


def stopped() -> HoldStop | None:
    """The stop that is on, if one is."""
    return HoldStop.objects.filter(ended_at__isnull=True).select_related("by").last()


def budget(policy: Policy) -> Budget:
    return _budget(policy.hold_budget, Hold.objects.filter(name=policy.id), Covered.objects.filter(policy=policy.id))


def together(platform: Platform) -> Budget | None:
    """Of all policies. None: each has its own, and nothing bounds them besides."""
    if platform.hold_budget >= 1:
        return None
    return _budget(platform.hold_budget, Hold.objects.all(), Covered.objects.all())


def _budget(share: float, held: QuerySet[Hold], covered: QuerySet[Covered]) -> Budget:
    """What is worth it is told by what licences covered in the last days."""
    now, items = timezone.now(), items_of_the_day()
    recent = covered.filter(at__gt=now - WORTH_WINDOW).values_list("worth", flat=True)
    return Budget(
        share=share,
        items=items,
        held=held.filter(cause=Hold.Cause.LICENCE, placed_at__gt=now - WINDOW).count(),
        worth=least_worth(list(recent), int(share * items * (WORTH_WINDOW / WINDOW))),
    )


def items_of_the_day() -> int:
    """At most a minute old."""
    counted, count = _counts.get("", (0.0, 0))
    if not counted or time.monotonic() - counted > COUNTED:
        count = arrivals.items_since(timezone.now() - WINDOW)
        _counts[""] = time.monotonic(), count
    return count


def forget_count() -> None:
    _counts.clear()


def drawn(policy: str) -> list[Drawn]:
    """The audits of a policy in the order in which they were drawn. Cases that ended without any verdict are none."""
    overdue = timezone.now() - PATIENCE
    rows = Audit.objects.filter(policy=policy).order_by("pk")
    found = rows.values_list("score", "inclusion", "reference", "drawn_at", "case__state", "case__outcome")
    return [
        Drawn(score, _wrong(state, outcome, overdue=drawn_at < overdue), inclusion, reference)
        for score, inclusion, reference, drawn_at, state, outcome in found.iterator()
        if state == "open" or outcome
    ]


def _wrong(state: str, outcome: str, *, overdue: bool) -> bool | None:
    if state == "open":
        return True if overdue else None
    return outcome == "dismissed"


class Row(Struct, frozen=True):
    """A policy on the page of licences."""

    policy: Policy
    licence: Licence | None
    """None: not computed yet."""
    computed_at: datetime | None
    changed_at: datetime | None
    budget: Budget
    open_holds: int
    history: tuple[LicenceChange, ...]


MOST_CHANGES = 10


def rows() -> list[Row]:
    """Each policy that may have a licence, in the order of the document."""
    found = limited(policies.current())
    kept = {row.policy: row for row in PolicyLicence.objects.filter(policy__in=found)}
    return [_row(policy, kept.get(policy.id)) for policy in found.values()]


def _row(policy: Policy, kept: PolicyLicence | None) -> Row:
    changes = LicenceChange.objects.filter(policy=policy.id).order_by("-pk")[:MOST_CHANGES]
    return Row(
        policy=policy,
        licence=of_row(kept) if kept else None,
        computed_at=kept.computed_at if kept else None,
        changed_at=kept.changed_at if kept else None,
        budget=budget(policy),
        open_holds=open_of(policy.id),
        history=tuple(changes),
    )


def open_of(policy: str) -> int:
    return Hold.objects.filter(cause=Hold.Cause.LICENCE, name=policy, ended_at__isnull=True).count()


def audit_of(case_ids: Collection[int]) -> dict[int, Audit]:
    """Which of these cases are audits. Not told to anybody before they are decided."""
    return {audit.case_id: audit for audit in Audit.objects.filter(case__in=case_ids)}
