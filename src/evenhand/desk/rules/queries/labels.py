"""Which labels an entity has, and which of them people set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.rules.models import Label
from evenhand.engine.model import Micros, Ref


class Mark(Struct, frozen=True):
    """A label on an entity as it counts now: a person's word before a rule's."""

    label: str
    status: str
    manual: bool
    since: Micros
    expires_at: Micros | None
    reason: str
    by: str


def of_entities(refs: Sequence[Ref], *, now: Micros) -> dict[Ref, list[Mark]]:
    """The labels that each of these entities has now, by name."""
    found: dict[Ref, dict[str, Mark]] = {}
    for ref, mark in _read(refs):
        if mark.since > now or (mark.expires_at is not None and mark.expires_at <= now):
            continue
        kept = found.setdefault(ref, {}).get(mark.label)
        if kept is None or mark.manual:
            found[ref][mark.label] = mark
    return {ref: [mark for _, mark in sorted(marks.items()) if mark.status == "added"] for ref, marks in found.items()}


def manual_labels(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """State of the fold that people keep: "label:<type>/<id>" → what people said of each label there."""
    refs = {key: Ref(*key.removeprefix("label:").partition("/")[::2]) for key in keys}
    said: dict[Ref, dict[str, Any]] = {}
    for ref, mark in _read(list(refs.values())):
        if mark.manual:
            said.setdefault(ref, {})[mark.label] = [mark.status, mark.since, mark.expires_at, mark.reason]
    return {key: said[ref] for key, ref in refs.items() if ref in said}


def _read(refs: Sequence[Ref]) -> list[tuple[Ref, Mark]]:
    if not refs:
        return []
    values, parameters = sql.among(sorted(set(refs)))
    found = sql.rows(
        "SELECT entity_type, entity_id, label, status, manual, since, expires_at, reason, by FROM rules_label"  # noqa: S608 (constant text and marks)
        f" WHERE (entity_type, entity_id) IN {values} ORDER BY id",
        parameters,
    )
    return [
        (Ref(type_, id_), Mark(label, status, bool(manual), since, expires, reason, by))
        for type_, id_, label, status, manual, since, expires, reason, by in found
    ]


def recent(label: str, limit: int = 100) -> list[Label]:
    """Entities that have this label, the newest first."""
    return list(Label.objects.filter(label=label, status="added").order_by("-since")[:limit])
