"""Everything that changes what is asked of others."""

from evenhand.desk.referral.services.errors import CannotAnswer, CannotAsk, ReferralError
from evenhand.desk.referral.services.opinions import LASTS, MOST_TEXT, answer, ask, withdraw

__all__ = ["LASTS", "MOST_TEXT", "CannotAnswer", "CannotAsk", "ReferralError", "answer", "ask", "withdraw"]
