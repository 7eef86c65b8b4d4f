"""Functions that ask for labels, set them and take them away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.values import Constant, Effect, Entity, Expected, Rule

FAMILY = Family()
_STATUSES = ("added", "removed")
_MICROSECOND = timedelta(microseconds=1)


@FAMILY.add("LabelAdd", cost=5)
def label_add(
    entity: Entity[Any],
    label: Constant[str],
    delay_action_by: timedelta | None = None,
    apply_if: Rule | None = None,
    expires_after: timedelta | None = None,
) -> Effect:
    """An effect: puts a label on an entity.

    `delay_action_by`: how long after the event. `expires_after`: how long it stays; always, when not given. `apply_if`:
    a rule that must hold, too; where it does not, nothing is done.
    """
    return _label("label_add", entity, label, apply_if, delay_action_by=delay_action_by, expires_after=expires_after)


@FAMILY.add("LabelRemove", cost=5)
def label_remove(
    entity: Entity[Any],
    label: Constant[str],
    delay_action_by: timedelta | None = None,
    apply_if: Rule | None = None,
    expires_after: timedelta | None = None,
) -> Effect:
    """An effect: takes a label off an entity.

    `delay_action_by`: how long after the event. `expires_after`: how long it stays away. `apply_if`: a rule that must
    hold, too; where it does not, nothing is done.
    """
    return _label("label_remove", entity, label, apply_if, delay_action_by=delay_action_by, expires_after=expires_after)


@FAMILY.add("HasLabel", pure=False, cost=30)
def has_label(
    context: Context,
    entity: Entity[Any],
    label: Constant[str],
    manual: bool | None = None,
    status: Constant[str] = "added",
    min_label_age: timedelta | None = None,
    error_on_empty: bool = False,
) -> bool:
    """Whether an entity has a label at the time of the event; one that has expired does not count.

    `manual`: only one that a person set (True) or a rule (False). `status`: "added", or "removed" to ask whether it was
    taken away. `min_label_age`: for at least so long. Error: another status; with `error_on_empty`, an entity of which
    no label is known.
    """
    if status not in _STATUSES:
        raise ValueError(f'status is {status!r}: write "added" or "removed".')
    if context.state is None:
        raise ValueError("labels are not to be had in this run: it was given no state.")
    known = context.state.labels(entity, at=context.micros)
    if error_on_empty and not known:
        raise ValueError(f"no label of {entity.type}/{entity.id} is known.")
    found = known.get(label)
    if found is None or found.status != status or (found.expires is not None and found.expires <= context.micros):
        return False
    old_enough = min_label_age is None or context.micros - found.since >= min_label_age // _MICROSECOND
    return old_enough and manual in (None, found.manual)


def _label(kind: str, entity: Entity[Any], label: str, apply_if: bool | None, **more: timedelta | None) -> Effect:
    if apply_if is False:
        raise Expected
    return Effect(kind=kind, entity=entity, arguments={"label": label, **more})
