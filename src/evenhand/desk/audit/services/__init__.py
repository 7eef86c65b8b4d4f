"""What can be done with the ledger: record an act, sign a checkpoint, erase what an entry says about a person."""

from evenhand.desk.audit.services.checkpoints import ForkError, checkpoint
from evenhand.desk.audit.services.erasure import NothingToEraseError, erase
from evenhand.desk.audit.services.publishing import ContradictionError, Place, publish
from evenhand.desk.audit.services.recording import Draft, RecordError, record, record_all
from evenhand.desk.audit.services.verifying import Checked, recheck, verify

__all__ = [
    "Checked",
    "ContradictionError",
    "Draft",
    "ForkError",
    "NothingToEraseError",
    "Place",
    "RecordError",
    "checkpoint",
    "erase",
    "publish",
    "recheck",
    "record",
    "record_all",
    "verify",
]
