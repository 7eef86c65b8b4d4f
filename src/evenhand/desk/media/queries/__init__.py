"""Everything that is asked of known media. One module for each asker's kind of question."""

from evenhand.desk.media.models import Bank, Entry, Feedback, Look, Match, RetroScan, Source, Sync

__all__ = ["Bank", "Entry", "Feedback", "Look", "Match", "RetroScan", "Source", "Sync"]
