"""Why something cannot be asked, or answered; the text is a sentence for the person."""

from __future__ import annotations


class ReferralError(Exception):
    """Base of all reasons."""


class CannotAsk(ReferralError):
    """Nobody is there to ask, or somebody is asked already."""


class CannotAnswer(ReferralError):
    """It is not asked any more, or the answer is not complete."""


class CannotPackage(ReferralError):
    """It is not said for whom and why, or the ledger cannot vouch for it now."""
