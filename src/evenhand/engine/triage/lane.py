"""Which lane a case stands in: the critical one, right behind it for want of one voice that counts, or the normal one.

Who is accused makes no difference here, and how many accuse makes little: it stands on what was said, on the record of
who said it, and on what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from evenhand.engine.platform import Policy

Lane = Literal[0, 1, 2]
CRITICAL: Literal[0] = 0
UNCONFIRMED: Literal[1] = 1
"""Would be critical, but nobody says so except reporters without a good record."""
NORMAL: Literal[2] = 2
LANES: tuple[Lane, ...] = (CRITICAL, UNCONFIRMED, NORMAL)
"""In their order."""
NAMES: Mapping[int, Literal["critical", "unconfirmed", "normal"]] = {
    CRITICAL: "critical", UNCONFIRMED: "unconfirmed", NORMAL: "normal",
}  # fmt: skip


class Said(Protocol):
    """What speaks for a policy."""

    @property
    def evidence(self) -> float:
        """What signals and reports make likely together, whoever the author is."""

    @property
    def vouched(self) -> bool:
        """More than reporters without a good record speak for it."""

    @property
    def reporters(self) -> int:
        """How many."""


def lane(belief: Said, policy: Policy | None, floor: float) -> Lane:
    """The lane into which this belief puts its case; `policy` is the one that it is about.

    A child-safety policy needs neither a likelihood nor a record: whoever reports under it is heard at once.
    """
    if policy is None or policy.lane != "critical":
        return NORMAL
    if policy.child_safety and belief.reporters:
        return CRITICAL
    if belief.evidence < floor:
        return NORMAL
    return CRITICAL if policy.child_safety or belief.vouched else UNCONFIRMED
