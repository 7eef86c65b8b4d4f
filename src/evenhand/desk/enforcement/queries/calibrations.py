"""How right the order's likelihoods are, by decisions, and the curves that put them right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db.models import F, Max
from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.cases.queries.curves import Curves
from evenhand.desk.cases.queries.scores import scores_of
from evenhand.desk.enforcement.models import Calibration, Decision, SecondLook
from evenhand.desk.fields import to_micros
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.triage.calibration import Curve, Measured, Pair

SECOND = 0.5
"""What the second of two people says of a case weighs so much, the first the rest: nobody knows which of them is right.
A case that was decided once weighs as much as one that was decided twice."""
_AT_ONCE = 500
MOST = 20_000
"""The newest decisions that are looked at."""


class Fitted(Struct, frozen=True, kw_only=True):
    """The newest look at a policy."""

    policy: str
    fitted_at: datetime
    in_force: bool
    before: Measured
    after: Measured | None


def in_force() -> Curves:
    rows = _newest()
    since = max((to_micros(row.changed_at) for row in rows), default=0)
    return Curves({row.policy: msgspec.convert(row.curve, Curve) for row in rows if row.in_force}, since)


def newest() -> dict[str, Fitted]:
    return {
        row.policy: Fitted(
            policy=row.policy,
            fitted_at=row.fitted_at,
            in_force=row.in_force,
            before=msgspec.convert(row.before, Measured),
            after=msgspec.convert(row.after, Measured) if row.after else None,
        )
        for row in _newest()
    }


def last_of(policy: str) -> tuple[Curve | None, datetime | None]:
    """The curve in force, and since when that is so. None: there is none; it was never looked at."""
    row = Calibration.objects.filter(policy=policy).last()
    if row is None:
        return None, None
    return (msgspec.convert(row.curve, Curve) if row.in_force else None), row.changed_at


def fitted_at() -> datetime | None:
    found: datetime | None = Calibration.objects.aggregate(at=Max("fitted_at"))["at"]
    return found


def _newest() -> list[Calibration]:
    ids = Calibration.objects.values("policy").annotate(newest=Max("pk")).values_list("newest", flat=True)
    return list(Calibration.objects.filter(pk__in=list(ids)))


def pairs(snapshot: Snapshot) -> dict[str, list[Pair]]:
    """By the policy that a case proposed: what the model called it, and whether people found that it breaks it. In the
    order of the decisions, the newest last; what an appeal overturned was no breach. Where another person decided the
    case a second time, blind, the two share it (SECOND)."""
    decided = Decision.objects.filter(
        kind__in=(Decision.Kind.ACT, Decision.Kind.DISMISS),
        case__kind="review",
        case__state="closed",
        decided_by__isnull=False,
        undone_at__isnull=True,
        reversals__isnull=True,
    )
    rows = decided.order_by("-pk").values_list("case", "case__policy", "case__outcome", "policy")[:MOST]
    newest = {case: row for case, *row in reversed(list(rows))}
    said = scores_of(list(newest))
    again = _looked_again(list(newest), snapshot)
    found: dict[str, list[Pair]] = defaultdict(list)
    for case, (proposed, outcome, policy) in newest.items():
        chance = said.get(case, {}).get(proposed or "")
        if proposed is not None and chance is not None and outcome:
            first = float(outcome == "upheld" and _is_about(policy, proposed, snapshot))
            found[proposed].append((chance, first + SECOND * (again.get(case, first) - first)))
    return found


def _looked_again(cases: Sequence[int], snapshot: Snapshot) -> dict[int, float]:
    """By case: 1 where the second look found that it breaks the policy that it proposed, else 0. A person who decided
    the same case twice is no second voice."""
    found: dict[int, float] = {}
    for some in sql.batched(cases, _AT_ONCE):
        looks = SecondLook.objects.filter(
            first__case__in=some, effective_at__lte=timezone.now(), first__undone_at__isnull=True
        )
        rows = looks.exclude(decided_by=F("first__decided_by")).filter(first__reversals__isnull=True)
        for case, proposed, kind, under in rows.values_list("first__case", "policy", "kind", "under"):
            found[case] = float(kind == "act" and _is_about(under, proposed, snapshot))
    return found


def _is_about(decided: str | None, proposed: str, snapshot: Snapshot) -> bool:
    """Whether who breaks the one breaks the other: the same policy, or one above or below it."""
    return decided is not None and (proposed in _line(decided, snapshot) or decided in _line(proposed, snapshot))


def _line(policy: str, snapshot: Snapshot) -> set[str]:
    """A policy and all above it."""
    found = {policy}
    while (one := snapshot.policies.get(policy)) is not None and one.parent and one.parent not in found:
        found.add(policy := one.parent)
    return found
