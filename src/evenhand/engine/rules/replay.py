"""Events one after the other on one state: counters go on, labels that rules set stay, as if every rule were live."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from evenhand.engine.rules.moments import micros
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.run import Result, Services
from evenhand.engine.rules.state import MemoryState

LABELS: Final = ("label_add", "label_remove")


def play(
    rules: RuleSet,
    state: MemoryState,
    action_name: str,
    data: dict[str, Any],
    *,
    at: datetime,
    action_id: int,
    services: Services | None = None,
) -> Result:
    """What the rules make of the next event; `state` has it afterwards."""
    result = rules.run(action_name, data, at=at, action_id=action_id, state=state, services=services)
    for effect in result.effects:
        if effect.kind in LABELS:
            state.apply_label(effect, at=micros(at), reason=f"rule {', '.join(effect.rules)}")
    return result
