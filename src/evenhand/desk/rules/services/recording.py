"""What follows from fired rules in the fold's transaction: the counts, and the labels that they set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from evenhand.desk import sql
from evenhand.desk.rules.queries.hits import HOUR
from evenhand.engine.detect import Trouble
from evenhand.engine.detect.rulelife import PREFIX
from evenhand.engine.model import Signal


def record_fires(signals: Sequence[Signal], troubles: Sequence[Trouble] = ()) -> None:
    """Count the signals that are rules', and what rules could not judge; keep the labels that they bring."""
    if troubles:
        _count_failed(troubles)
    fired = [signal for signal in signals if signal.detector.startswith(PREFIX)]
    if not fired:
        return
    _count(fired)
    _label(fired)


def _count(fired: Sequence[Signal]) -> None:
    counts: Counter[tuple[str, int, str]] = Counter()
    capped: Counter[tuple[str, int, str]] = Counter()
    for signal in fired:
        key = (signal.detector.removeprefix(PREFIX), signal.at // HOUR, signal.evidence["stage"])
        counts[key] += 1
        capped[key] += bool(signal.evidence.get("capped"))
    sql.insert_many(
        "rules_hits",
        ("rule", "hour", "stage", "fired", "capped", "failed", "error"),
        [(*key, fires, capped[key], 0, "") for key, fires in counts.items()],
        "ON CONFLICT (rule, hour, stage) DO UPDATE SET"
        " fired = rules_hits.fired + excluded.fired, capped = rules_hits.capped + excluded.capped",
    )


def _count_failed(troubles: Sequence[Trouble]) -> None:
    counts: Counter[tuple[str, int, str]] = Counter()
    last: dict[tuple[str, int, str], str] = {}
    for one in troubles:
        key = (one.detector.partition(PREFIX)[2], one.at // HOUR, one.stage)
        counts[key] += 1
        last[key] = one.reason
    sql.insert_many(
        "rules_hits",
        ("rule", "hour", "stage", "fired", "capped", "failed", "error"),
        [(*key, 0, 0, failed, last[key]) for key, failed in counts.items()],
        "ON CONFLICT (rule, hour, stage) DO UPDATE SET"
        " failed = rules_hits.failed + excluded.failed, error = excluded.error",
    )


def _label(fired: Sequence[Signal]) -> None:
    rows: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for signal in fired:
        for one in signal.evidence.get("labels", ()):
            key = (one["type"], one["id"], one["label"])
            told = (one["status"], one["since"], one["expires"], signal.summary, f"rule:{one['rule']}")
            rows[key] = (*key, False, *told)
    sql.insert_many(
        "rules_label",
        ("entity_type", "entity_id", "label", "manual", "status", "since", "expires_at", "reason", "by"),
        list(rows.values()),
        "ON CONFLICT (entity_type, entity_id, label, manual) DO UPDATE SET status = excluded.status,"
        " since = excluded.since, expires_at = excluded.expires_at, reason = excluded.reason, by = excluded.by",
    )
