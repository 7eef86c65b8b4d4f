"""Second looks as JSON-able rows: what each of the two said, without who they were; and the figures of each policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from django.utils import timezone

from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.enforcement.queries import again
from evenhand.desk.enforcement.queries.quality import Counted, pair_of, quality
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.agreement import Agreement

DAYS = 90


def rows() -> Iterator[dict[str, Any]]:
    """All that may be told, the oldest first; then each policy in the last 90 days. What waits is only counted."""
    for one in again.decided().order_by("pk").iterator(chunk_size=500):
        first, second = pair_of(one)
        yield {
            "row": "look",
            "case": one.first.case_id,
            "decision": one.first.uid,
            "proposed": one.policy or None,
            "share": one.share,
            "drawnAt": one.drawn_at.isoformat(),
            "firstAt": one.first.decided_at.isoformat(),
            "secondAt": one.decided_at.isoformat() if one.decided_at else None,
            "samePerson": one.decided_by_id == one.first.decided_by_id,
            "first": first or None,
            "second": second or None,
            "agreed": first == second,
        }
    found = quality(Sight(tuple(policies.current().queues), frozenset()), timezone.now() - timedelta(days=DAYS))
    for policy, counted in found.policies.items():
        yield _policy(policy, counted)


def _policy(policy: str, counted: Counted) -> dict[str, Any]:
    return {
        "row": "policy",
        "policy": policy or None,
        "days": DAYS,
        "drawn": counted.drawn,
        "waiting": counted.waiting,
        "givenUp": counted.given_up,
        "others": _figures(counted.told),
        "samePerson": _figures(counted.repeats),
    }


def _figures(one: Agreement) -> dict[str, Any]:
    """`low` and `high`: 90 % intervals."""
    agreed = one.agreed
    return {
        "decided": agreed.whole,
        "agreed": agreed.part,
        "low": agreed.low,
        "high": agreed.high,
        "alpha": msgspec.to_builtins(one.alpha),
    }
