"""Random audits: which cases a person decides whatever their place in the order, so that what is measured is unbiased.

Cases that people decide anyway are no sample: the order chose them. A case is audited when a number drawn from its own
name is under its inclusion probability. The number is an HMAC (RFC 2104) under a secret of the desk: nobody can
foresee it, nor choose names by it, and the same case gets the same number whenever it is asked for.
"""

from __future__ import annotations

import hmac

from evenhand.engine.triage.evidence import REFERENCE
from evenhand.engine.triage.licence import LOWEST

HELD = 0.10
UNHELD = REFERENCE
"""Where a hold is thinkable: the score is at least the lowest that can be licensed."""
UNLIKELY = 0.02
"""Everything else. All three from specs/triage.md §4.7: 10 % of holds, 2 to 5 % of what is not held."""


def inclusion(score: float, *, held: bool) -> float:
    """How likely a case is to be audited, from 0 to 1. A case that is held later is as likely as any that is held: its
    number stays, and the probability that counts is the highest it ever had."""
    if held:
        return HELD
    return UNHELD if score >= LOWEST else UNLIKELY


def drawn(secret: bytes, case: str, probability: float) -> bool:
    """Whether the case of this name is audited."""
    number = int.from_bytes(hmac.digest(secret, case.encode(), "sha256")[:8])
    return number < probability * 2**64
