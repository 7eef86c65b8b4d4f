"""Everything that changes banks, lists, entries, looks, matches and what is said of them."""

from evenhand.desk.media.errors import Invalid, MediaError, NeedsConsent, NoSuch
from evenhand.desk.media.services.absorb import absorb
from evenhand.desk.media.services.asking import consent
from evenhand.desk.media.services.banks import change_bank, guard, make_bank
from evenhand.desk.media.services.entries import Counts, upsert
from evenhand.desk.media.services.exporting import exported
from evenhand.desk.media.services.judging import judged
from evenhand.desk.media.services.looks import retry, retry_all
from evenhand.desk.media.services.opinions import confirm_feedback, drop_feedback, give_feedback
from evenhand.desk.media.services.owning import add_entry, change_entry, withdraw_entry
from evenhand.desk.media.services.owning import retired as retire_bank
from evenhand.desk.media.services.ports import Connect, HashList, ListFailed
from evenhand.desk.media.services.removing import (
    Rests,
    finish_removals,
    remove_source,
    rename_source,
    rests_on,
)
from evenhand.desk.media.services.sources import ask_now, change_source, make_source
from evenhand.desk.media.services.syncing import Busy, Synced, sync
from evenhand.desk.media.services.tallies import recount

__all__ = [
    "Busy",
    "Connect",
    "Counts",
    "HashList",
    "Invalid",
    "ListFailed",
    "MediaError",
    "NeedsConsent",
    "NoSuch",
    "Rests",
    "Synced",
    "absorb",
    "add_entry",
    "ask_now",
    "change_bank",
    "change_entry",
    "change_source",
    "confirm_feedback",
    "consent",
    "drop_feedback",
    "exported",
    "finish_removals",
    "give_feedback",
    "guard",
    "judged",
    "make_bank",
    "make_source",
    "recount",
    "remove_source",
    "rename_source",
    "rests_on",
    "retire_bank",
    "retry",
    "retry_all",
    "sync",
    "upsert",
    "withdraw_entry",
]
