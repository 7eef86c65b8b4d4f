"""Everything that changes decisions, actions and the outbox."""

from evenhand.desk.enforcement.services.batches import TYPED_ABOVE, carry_on, decide_many, undo_many
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import decide, describe, describe_last, subscribe
from evenhand.desk.enforcement.services.each import decide_each
from evenhand.desk.enforcement.services.errors import (
    CannotUndo,
    Conflict,
    DecisionError,
    Invalid,
    NeedsConfirmation,
    NeedsTyping,
)
from evenhand.desk.enforcement.services.holding import durations, hiding, hold
from evenhand.desk.enforcement.services.holds import expire, release, withdraw
from evenhand.desk.enforcement.services.mending import (
    CannotCancel,
    CannotReplay,
    cancel,
    enqueue_test,
    replay,
    replay_all,
)
from evenhand.desk.enforcement.services.outbox import OutsideTransaction, enqueue
from evenhand.desk.enforcement.services.overturn import overturn, stand_again
from evenhand.desk.enforcement.services.request import request_action
from evenhand.desk.enforcement.services.states import disable, enable
from evenhand.desk.enforcement.services.undo import compensate, second, undo

__all__ = [
    "TYPED_ABOVE",
    "CannotCancel",
    "CannotReplay",
    "CannotUndo",
    "Chosen",
    "Conflict",
    "DecisionError",
    "Invalid",
    "NeedsConfirmation",
    "NeedsTyping",
    "OutsideTransaction",
    "cancel",
    "carry_on",
    "check",
    "compensate",
    "decide",
    "decide_each",
    "decide_many",
    "describe",
    "describe_last",
    "disable",
    "durations",
    "enable",
    "enqueue",
    "enqueue_test",
    "expire",
    "hiding",
    "hold",
    "overturn",
    "release",
    "replay",
    "replay_all",
    "request_action",
    "second",
    "stand_again",
    "subscribe",
    "undo",
    "undo_many",
    "withdraw",
]
