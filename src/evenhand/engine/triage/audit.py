"""Random audits: which cases a person decides whatever their place in the order, so that what is measured is unbiased.

Cases that people decide anyway are no sample: the order chose them. A case is audited when a number drawn from its own
name is under its inclusion probability. The number is an HMAC (RFC 2104) under a secret of the desk: nobody can
foresee it, nor choose names by it, and the same case gets the same number whenever it is asked for.
"""

from __future__ import annotations

import hmac

from evenhand.engine.triage.evidence import REFERENCE, lift
from evenhand.engine.triage.licence import LOWEST

HELD = 0.10
UNHELD = REFERENCE
"""Where a hold is thinkable: the score is at least the lowest that can be licensed. From LIKELY on, LIFT times that: it
is there that licences are granted, and few cases are."""
UNLIKELY = 0.02
"""Everything else. All three from specs/triage.md §4.7: 10 % of holds, 2 to 5 % of what is not held."""
LEAST_STAKE = 0.5
"""A mild policy is audited half as often as the usual one, not less. ASSUMED."""


def stake(weight: float, usual: float) -> float:
    """How many times as often as the usual policy one of this harm weight is audited: what is rare and grave would else
    never get the audits that a licence takes. Both above 0."""
    return max(LEAST_STAKE, weight / usual)


def inclusion(score: float, *, held: bool, stake: float = 1.0) -> float:
    """How likely a case is to be audited, from 0 to 1. A case that is held later is as likely as any that is held: its
    number stays, and the probability that counts is the highest it ever had."""
    usual = UNHELD * lift(score) if score >= LOWEST else UNLIKELY
    return min(1.0, stake * (max(HELD, usual) if held else usual))


def reference(stake: float) -> float:
    """The inclusion probability of the least likely one that its policy could ever hold: who was likelier counts less
    (`evidence.lift`)."""
    return inclusion(LOWEST, held=False, stake=stake)


def drawn(secret: bytes, case: str, probability: float) -> bool:
    """Whether the case of this name is audited."""
    number = int.from_bytes(hmac.digest(secret, case.encode(), "sha256")[:8])
    return number < probability * 2**64
