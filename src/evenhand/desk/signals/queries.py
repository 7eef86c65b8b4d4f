"""What the machine found, how far it has come, and what it could not fold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import now_micros, to_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.signals.models import ParkedEvent, Partition
from evenhand.engine.model import Micros, Ref, Signal
from evenhand.runtime import config
from evenhand.runtime.eventlog import partition

_MOST = 20
_VERDICT = "verdict: "
"""How the evidence of a signal tells of one."""
_COLUMNS = "detector, version, item_type, item_id, event_id, at, summary, policy, probability, effect, evidence"
MOST_LOOKED_AT = 100_000
"""The signals of one detector are looked for among so many of the newest."""


def of_items(refs: Sequence[Ref]) -> dict[Ref, list[Signal]]:
    """The latest signal of each detector on each of these items, without those of rules in shadow. Of a detector that
    tells of single media ("medium" in its evidence), the latest on each; of more than 20 the likeliest."""
    if not refs:
        return {}
    values, parameters = sql.among(refs)
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM signals_signal WHERE (item_type, item_id) IN {values}"  # noqa: S608 (constant text and marks)
        " AND effect <> 'shadow' ORDER BY id",
        parameters,
    )
    latest: dict[Ref, dict[tuple[str, str], Signal]] = {}
    for row in found:
        signal = _signal(row)
        medium = signal.evidence.get("medium", "")
        latest.setdefault(signal.subject, {})[signal.detector, str(medium)] = signal
    return {ref: _likeliest(list(signals.values())) for ref, signals in latest.items()}


def _likeliest(found: list[Signal]) -> list[Signal]:
    """Some in their order, so that one more never hides one that says more."""
    if len(found) <= _MOST:
        return found
    kept = sorted(found, key=lambda one: one.probability, reverse=True)[:_MOST]
    return [one for one in found if one in kept]


def newest(detector: str, limit: int) -> list[Signal]:
    """The last signals of one detector, those of rules in shadow too, newest first; among the newest 100,000."""
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM signals_signal WHERE detector = %s"  # noqa: S608 (constant text)
        " AND id > (SELECT coalesce(max(id), 0) FROM signals_signal) - %s ORDER BY id DESC LIMIT %s",
        (detector, MOST_LOOKED_AT, limit),
    )
    return [_signal(row) for row in found]


def brought(refs: Sequence[Ref]) -> dict[Ref, tuple[tuple[str, ...], tuple[str, ...]]]:
    """What canaries and live rules made of the events of these items: changes of labels, "Account/u1/seller/1" (0:
    removed), and verdicts that they declared. Items without signals are left out."""
    if not refs:
        return {}
    values, parameters = sql.among(refs)
    found = sql.rows(
        f"SELECT item_type, item_id, evidence FROM signals_signal WHERE (item_type, item_id) IN {values}"  # noqa: S608 (constant text and marks)
        " AND effect <> 'shadow' ORDER BY id",
        parameters,
    )
    told: dict[Ref, tuple[dict[str, None], dict[str, None]]] = {}
    for type_, id_, kept in found:
        evidence = json.loads(kept) if isinstance(kept, str) else kept
        labels, verdicts = told.setdefault(Ref(type_, id_), ({}, {}))
        labels |= {_change(one): None for one in evidence.get("labels", ())}
        asks = evidence.get("asks", ())
        verdicts |= {one.removeprefix(_VERDICT): None for one in asks if one.startswith(_VERDICT)}
    return {ref: (tuple(labels), tuple(verdicts)) for ref, (labels, verdicts) in told.items()}


def _change(label: dict[str, Any]) -> str:
    return f"{label['type']}/{label['id']}/{label['label']}/{int(label['status'] == 'added')}"


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


def kept_state(subject: Ref) -> Callable[[str], Any]:
    """Reads the state of the fold as it stands for events about this item: a value by its key, or None. Whoever only
    looks cannot change it."""
    part = partition(subject, config.current().partitions)

    def load(key: str) -> Any:
        found = sql.rows(
            "SELECT value FROM signals_keyedstate WHERE part = %s AND key = %s AND expires_at > %s",
            (part, key, now_micros()),
        )
        return msgspec.msgpack.decode(found[0][0]) if found else None

    return load


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
        lag = intake.event_log().lag(part, position)
        alive = bool(owner) and to_micros(lease_until) > now
        answers.append(Progress(part, folded, lag.events, lag.oldest, owner, alive))
    return answers


def passed_over() -> dict[int, int]:
    """Of each partition that has any: events that the worker has left behind, and that it neither folded nor parked.
    Counts the whole log: for checks."""
    found = Partition.objects.values_list("part", "folded", "position")
    missing = {part: intake.event_log().passed(part, position) - folded for part, folded, position in found}
    return {part: count for part, count in missing.items() if count}


def parked() -> list[ParkedEvent]:
    """Events that could not be folded, oldest first."""
    return list(ParkedEvent.objects.filter(resolved_at__isnull=True).order_by("parked_at")[:100])
