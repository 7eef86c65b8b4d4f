"""What the machine found, how far it has come, and what it could not fold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.intake.services import event_log
from evenhand.desk.signals.models import ParkedEvent, Partition
from evenhand.engine.model import Micros, Ref, Signal

_MOST = 20


def of_items(refs: Sequence[Ref]) -> dict[Ref, list[Signal]]:
    """The latest signal of each detector on each of these items, without those of rules in shadow."""
    if not refs:
        return {}
    values, parameters = sql.among(refs)
    found = sql.rows(
        "SELECT detector, version, item_type, item_id, event_id, at, summary, policy, probability, effect, evidence"  # noqa: S608 (constant text and marks)
        f" FROM signals_signal WHERE (item_type, item_id) IN {values} AND effect <> 'shadow' ORDER BY id",
        parameters,
    )
    latest: dict[Ref, dict[str, Signal]] = {}
    for row in found:
        signal = _signal(row)
        latest.setdefault(signal.subject, {})[signal.detector] = signal
    return {ref: list(signals.values())[:_MOST] for ref, signals in latest.items()}


def _signal(row: tuple[Any, ...]) -> Signal:
    detector, version, type_, id_, event_id, at, summary, policy, probability, effect, evidence = row
    return Signal(
        detector=detector,
        version=version,
        subject=Ref(type_, id_),
        event_id=event_id,
        at=at,
        summary=summary,
        policy=policy,
        probability=probability,
        effect=effect,
        evidence=json.loads(evidence) if isinstance(evidence, str) else evidence,
    )


class Progress(Struct, frozen=True):
    """How far one partition is folded."""

    part: int
    folded: int
    behind: int
    oldest: Micros | None
    """When the oldest event that waits was received."""
    owner: str
    alive: bool


def progress() -> list[Progress]:
    now = now_micros()
    found = Partition.objects.order_by("part").values_list("part", "folded", "position", "owner", "lease_until")
    answers = []
    for part, folded, position, owner, lease_until in found:
        lag = event_log().lag(part, position)
        alive = bool(owner) and _micros(lease_until) > now
        answers.append(Progress(part, folded, lag.events, lag.oldest, owner, alive))
    return answers


def _micros(moment: Any) -> int:
    return moment if isinstance(moment, int) else int(moment.timestamp() * 1e6)


def parked() -> list[ParkedEvent]:
    """Events that could not be folded, oldest first."""
    return list(ParkedEvent.objects.filter(resolved_at__isnull=True).order_by("parked_at")[:100])
