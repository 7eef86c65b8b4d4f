"""How right the order's likelihoods are, by decisions, and the curves that put them right."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import msgspec
from django.db.models import Max
from msgspec import Struct

from evenhand.desk.cases.queries.curves import Curves
from evenhand.desk.cases.queries.scores import scores_of
from evenhand.desk.enforcement.models import Calibration, Decision
from evenhand.desk.fields import to_micros
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.triage.calibration import Curve, Measured, Pair

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
    order of the decisions, the newest last; what an appeal overturned was no breach."""
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
    found: dict[str, list[Pair]] = defaultdict(list)
    for case, (proposed, outcome, policy) in newest.items():
        chance = said.get(case, {}).get(proposed or "")
        if proposed is not None and chance is not None and outcome:
            found[proposed].append((chance, outcome == "upheld" and _is_about(policy, proposed, snapshot)))
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
