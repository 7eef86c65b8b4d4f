"""What can be done with the ledger: record an act, sign a checkpoint, erase what an entry says about a person."""

from evenhand.desk.audit.services.checkpoints import ForkError, checkpoint
from evenhand.desk.audit.services.erasure import NothingToEraseError, erase
from evenhand.desk.audit.services.recording import Draft, RecordError, record, record_all

__all__ = ["Draft", "ForkError", "NothingToEraseError", "RecordError", "checkpoint", "erase", "record", "record_all"]
