"""What can be asked about who is there, what woke them, and how they were spared."""

from evenhand.desk.duty.models import Alarm, Change, Hours, Night, Page, Way

__all__ = ["Alarm", "Change", "Hours", "Night", "Page", "Way"]
