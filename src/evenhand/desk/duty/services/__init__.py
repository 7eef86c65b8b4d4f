"""Everything that changes hours, nights, pages and limits."""

from evenhand.desk.duty.services.errors import BadWay, DutyError, NeedsReason, NightOpen
from evenhand.desk.duty.services.hours import add_change, drop_change, set_hours, set_way
from evenhand.desk.duty.services.nights import begin, end, end_over
from evenhand.desk.duty.services.paging import acknowledge, ring, try_ways
from evenhand.desk.duty.services.sparing import allow_more, clear, look_all_the_same, unclear

__all__ = [
    "BadWay",
    "DutyError",
    "NeedsReason",
    "NightOpen",
    "acknowledge",
    "add_change",
    "allow_more",
    "begin",
    "clear",
    "drop_change",
    "end",
    "end_over",
    "look_all_the_same",
    "ring",
    "set_hours",
    "set_way",
    "try_ways",
    "unclear",
]
