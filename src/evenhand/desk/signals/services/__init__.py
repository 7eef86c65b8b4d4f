"""Everything that changes signals, and how far the event log is folded."""

from evenhand.desk.signals.services.claiming import owner_name
from evenhand.desk.signals.services.folding import DeskStore, provide, refold, subscribe, sweep, tell

__all__ = ["DeskStore", "owner_name", "provide", "refold", "subscribe", "sweep", "tell"]
