"""Everything that changes what is asked of others, and what is given to them."""

from evenhand.desk.referral.services.errors import CannotAnswer, CannotAsk, CannotPackage, ReferralError
from evenhand.desk.referral.services.opinions import LASTS, MOST_TEXT, answer, ask, withdraw
from evenhand.desk.referral.services.packages import MOST_NAME, MOST_REASON, For, make

__all__ = [
    "LASTS",
    "MOST_NAME",
    "MOST_REASON",
    "MOST_TEXT",
    "CannotAnswer",
    "CannotAsk",
    "CannotPackage",
    "For",
    "ReferralError",
    "answer",
    "ask",
    "make",
    "withdraw",
]
