"""A case as a program sees it that works for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import queue as waiting
from evenhand.desk.intake.api.v2.reading import written
from evenhand.desk.intake.api.v2.structs import Pointer
from evenhand.engine.triage.lane import NAMES


class WaitingCase(Struct, frozen=True, kw_only=True):
    """`why` is what the rank was made of, each term with its source. `version` is what a decision has to name.

    `holder` is the pseudonym of who looks at it now, until `held_until`.
    """

    id: int
    kind: Literal["review", "appeal"]
    state: Literal["open", "closed"]
    item: Pointer
    queue: str
    policy: str | None
    lane: Literal["critical", "unconfirmed", "normal"]
    rank: float
    why: dict[str, Any]
    reports: int
    reporters: int
    cluster: int | None
    opened_at: str
    version: int
    holder: str | None
    held_until: str | None


def shown(found: Sequence[Case]) -> list[WaitingCase]:
    return [WaitingCase(**fields) for fields in fields_of(found)]


def fields_of(found: Sequence[Case]) -> list[dict[str, Any]]:
    """What `WaitingCase` tells of each of these, by name."""
    counts = waiting.report_counts([case.pk for case in found])
    return [_fields(case, counts.get(case.pk, waiting.ReportCount(0, 0))) for case in found]


def _fields(case: Case, count: waiting.ReportCount) -> dict[str, Any]:
    held = waiting.is_held(case)
    return {
        "id": case.pk,
        "kind": case.shown_kind,
        "state": case.state,
        "item": Pointer(case.item_type, case.item_id),
        "queue": case.queue,
        "policy": case.policy,
        "lane": NAMES[case.lane],
        "rank": case.rank,
        "why": case.why,
        "reports": count.reports,
        "reporters": count.reporters,
        "cluster": case.cluster_id,
        "opened_at": written(case.came_at),
        "version": case.version,
        "holder": case.holder.pseudonym if held and case.holder else None,
        "held_until": written(case.held_until) if held and case.held_until else None,
    }
