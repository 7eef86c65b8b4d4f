"""How long harm stood, from the opening of a case to the first hold or action; and what fell on appeal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from statistics import quantiles

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import to_micros

MOST = 20_000
MINUTE = 60_000_000


class Contained(Struct, frozen=True, kw_only=True):
    """Of the cases of one policy that were acted on: minutes until the first hold or action on their item."""

    cases: int
    held: int
    """Those that were held first."""
    median: float
    ninth: float
    """Nine in ten were contained within so many minutes."""
    overturned: int
    """Those whose decision fell on appeal since."""


def contained(since: datetime, queues: Collection[str]) -> dict[str | None, Contained]:
    """By the policy that was decided; of the newest 20,000 cases of these queues that were acted on since then. Cases
    that still wait are not in it."""
    if not queues:
        return {}
    within, names = sql.within(sorted(queues))
    found = sql.rows(
        "SELECT d.policy, c.opened_at, d.decided_at, d.overturned_by_id IS NOT NULL,"  # noqa: S608 (marks only)
        " (SELECT min(h.decided_at) FROM enforcement_decision h"
        "  WHERE h.case_id = c.id AND h.kind = 'hold' AND h.undone_at IS NULL AND h.decided_at < d.decided_at)"
        " FROM enforcement_decision d JOIN cases_case c ON c.id = d.case_id"
        " WHERE d.kind = 'act' AND d.undone_at IS NULL AND d.decided_at >= %s AND c.kind = 'review'"
        f" AND c.queue {within} AND d.reverses_id IS NULL ORDER BY d.id DESC LIMIT %s",
        (to_micros(since), *names, MOST),
    )
    minutes: dict[str | None, list[tuple[float, bool, bool]]] = defaultdict(list)
    for policy, opened, decided, overturned, held in found:
        first = decided if held is None else held
        minutes[policy].append((max(0, first - opened) / MINUTE, held is not None, bool(overturned)))
    return {policy: _contained(cases) for policy, cases in minutes.items()}


def _contained(cases: list[tuple[float, bool, bool]]) -> Contained:
    lasted = sorted(one for one, _, _ in cases)
    tenths = quantiles(lasted, n=10, method="inclusive") if len(lasted) > 1 else lasted * 9
    return Contained(
        cases=len(cases),
        held=sum(held for _, held, _ in cases),
        median=tenths[4],
        ninth=tenths[8],
        overturned=sum(overturned for _, _, overturned in cases),
    )
