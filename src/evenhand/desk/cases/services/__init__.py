"""Everything that changes cases."""

from evenhand.desk.cases.services.absorb import absorb, tallies
from evenhand.desk.cases.services.appeals import open_appeal
from evenhand.desk.cases.services.clustering import know_media
from evenhand.desk.cases.services.clusters import bring_back, part, set_aside
from evenhand.desk.cases.services.errors import Barred, CaseError, Closed, Held, NoSuchCase
from evenhand.desk.cases.services.guard import guard
from evenhand.desk.cases.services.lease import (
    Passed,
    is_spared,
    lock,
    may_decide,
    next_case,
    not_held_by_other,
    open_queues,
    release,
    spare,
    take,
)
from evenhand.desk.cases.services.looking import close_media, end_silent, hear, open_media
from evenhand.desk.cases.services.noting import add_note
from evenhand.desk.cases.services.settle import bump, close, correct, reopen
from evenhand.desk.cases.services.viewing import BadView, forget_view, save_view

__all__ = [
    "BadView",
    "Barred",
    "CaseError",
    "Closed",
    "Held",
    "NoSuchCase",
    "Passed",
    "absorb",
    "add_note",
    "bring_back",
    "bump",
    "close",
    "close_media",
    "correct",
    "end_silent",
    "forget_view",
    "guard",
    "hear",
    "is_spared",
    "know_media",
    "lock",
    "may_decide",
    "next_case",
    "not_held_by_other",
    "open_appeal",
    "open_media",
    "open_queues",
    "part",
    "release",
    "reopen",
    "save_view",
    "set_aside",
    "spare",
    "take",
    "tallies",
]
