"""The result of a run: features as the outside sees them, and what the effects come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from evenhand.engine.rules.run import Context, Fired, Result
from evenhand.engine.rules.values import FAILED, Effect, Entity, Experiment

_LABELS: Final = {"label_add": "1", "label_remove": "0"}
_VERDICT: Final = "verdict"


def shown(value: Any) -> Any:
    """A value as a feature shows it: an entity's id, a duration's seconds, an experiment's bucket; None for FAILED."""
    match value:
        case Entity():
            return value.id
        case timedelta():
            return value.total_seconds()
        case Experiment():
            return value.bucket
        case Effect():
            return value.kind
        case list():
            return [shown(one) for one in value]
    return None if value is FAILED else value


def result(
    context: Context, features: dict[str, Any], effects: Sequence[Effect] = (), fired: Iterable[Fired] = ()
) -> Result:
    """Adds to `features` what every event has (`__action_id`, …), and puts the effects into words."""
    labels = tuple(dict.fromkeys(label(one) for one in effects if one.kind in _LABELS)) if effects else ()
    verdicts = tuple(dict.fromkeys(verdict(one) for one in effects if one.kind == _VERDICT)) if effects else ()
    features["__action_id"] = context.action_id
    features["__timestamp"] = context.at.isoformat()
    features["__error_count"] = len(context.errors)
    features["__entity_label_mutations"] = list(labels)
    features["__verdicts"] = list(verdicts)
    for one in effects:
        if one.kind not in _LABELS and one.kind != _VERDICT:
            features.setdefault(f"__{one.kind}", []).append(told(one))
    return Result(
        features=features,
        effects=tuple(effects),
        labels=labels,
        verdicts=verdicts,
        fired=tuple(fired),
        errors=tuple(context.errors),
    )


def label(effect: Effect) -> str:
    """Type/id/label/1, and 0 where it is removed."""
    entity = effect.entity
    named = f"{entity.type}/{entity.id}" if entity is not None else ""
    return f"{named}/{effect.arguments['label']}/{_LABELS[effect.kind]}"


def verdict(effect: Effect) -> str:
    return str(effect.arguments["verdict"])


def told(effect: Effect) -> str:
    """An effect of a function that others have added: Type/id|argument|argument."""
    named = [f"{effect.entity.type}/{effect.entity.id}"] if effect.entity is not None else []
    return "|".join([*named, *(str(shown(one)) for one in effect.arguments.values())])
