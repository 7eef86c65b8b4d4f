"""The reports of a case: who said what, with which record, and whether many of them came at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from evenhand.desk.cases.queries import history
from evenhand.desk.cases.queries.history import CaseReportSeen, PolicyCount
from evenhand.desk.policies.queries import Snapshot

MASS_REPORTERS = 10
MASS_WINDOW = timedelta(hours=1)


class Report(Struct, frozen=True):
    seen: CaseReportSeen
    reason: str
    policy: str


class Group(Struct, frozen=True):
    """All that name one policy; `shown` are the newest of them."""

    policy: str
    reports: int
    reporters: int
    shown: list[Report]


class Mass(Struct, frozen=True):
    """Many reports within an hour: the arithmetic, so that nobody takes their number for their weight."""

    reports: int
    reporters: int
    minutes: int
    strangers: int
    """Reporters none of whose reports in other cases was ever decided."""
    decided: int
    upheld: int
    """Of the decided reports of all the others."""


class Reports(Struct, frozen=True):
    groups: list[Group]
    total: int
    mass: Mass | None


def gathered(
    case_id: int,
    counts: Sequence[PolicyCount],
    seen: Sequence[CaseReportSeen],
    reasons: Mapping[str, str],
    snapshot: Snapshot,
) -> Reports:
    """By the policy that they name. `seen` are the newest, the newest first."""
    shown: dict[str | None, list[Report]] = {}
    for one in seen:
        report = Report(one, reasons.get(one.report_id, ""), policy_name(one.policy, snapshot))
        shown.setdefault(one.policy, []).append(report)
    groups = [
        Group(policy_name(count.policy, snapshot), count.reports, count.reporters, shown.get(count.policy, []))
        for count in counts
    ]
    return Reports(groups, sum(count.reports for count in counts), mass(case_id, seen))


def policy_name(policy: str | None, snapshot: Snapshot) -> str:
    """What people call it; "" when none was named."""
    if policy is None:
        return ""
    known = snapshot.policies.get(policy)
    return known.name if known else policy


def mass(case_id: int, seen: Sequence[CaseReportSeen]) -> Mass | None:
    """The hour before the newest report, when ten or more different reporters spoke up in it."""
    if len(seen) < MASS_REPORTERS:
        return None
    newest = seen[0].received_at
    burst = history.burst(case_id, newest - MASS_WINDOW)
    if burst is None or burst.reporters < MASS_REPORTERS:
        return None
    return Mass(
        reports=burst.reports,
        reporters=burst.reporters,
        minutes=max(1, round((newest - burst.first) / timedelta(minutes=1))),
        strangers=burst.strangers,
        decided=burst.upheld + burst.dismissed,
        upheld=burst.upheld,
    )
