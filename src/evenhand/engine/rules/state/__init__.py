"""What rules remember from one event to the next: counters and labels on event time, by key, with durable snapshots."""

from evenhand.engine.rules.state.keyed import Keep, KeyedState
from evenhand.engine.rules.state.limits import Limits, TooLate
from evenhand.engine.rules.state.memory import MemoryState
from evenhand.engine.rules.state.snapshot import BadSnapshot

__all__ = ["BadSnapshot", "Keep", "KeyedState", "Limits", "MemoryState", "TooLate"]
