"""What follows from an attempt: delivered, again later, given up; and when a destination is left alone. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

MINUTE, HOUR = 60.0, 3600.0
Verdict = Literal["delivered", "gone", "rejected", "failed"]
_TEMPORARY = frozenset({408, 409, 425, 429})
_GONE = 410


class Policy(Struct, frozen=True, kw_only=True):
    """Times in seconds."""

    schedule: tuple[float, ...] = (
        0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
    )  # fmt: skip
    """The pause before each attempt, as Standard Webhooks 1.0.0 recommends it; after the last the message is dead."""
    most_rejections: int = 3
    """A receiver that says "not like this" so often is not asked again."""
    longest_wait: float = 24 * HOUR
    """Of what a receiver asks for with Retry-After, at most this much is granted."""
    breaks_after: int = 5
    """Failures in a row after which the destination is left alone."""
    first_pause: float = 5.0
    longest_pause: float = 5 * MINUTE
    jitter: Callable[[], float] = random.SystemRandom().random
    """0 to 1: spreads repeats, so that what failed together does not come back together."""


def verdict(status: int | None) -> Verdict:
    if status is None or status in _TEMPORARY or status >= 500:  # noqa: PLR2004 (the class of server errors)
        return "failed"
    if status == _GONE:
        return "gone"
    return "delivered" if status in range(200, 300) else "rejected"


def next_pause(policy: Policy, attempts: int, *, rejections: int, retry_after: float | None) -> float | None:
    """Seconds until the next attempt after so many (at least one); None: there is none, the message is dead."""
    if attempts >= len(policy.schedule) or rejections >= policy.most_rejections:
        return None
    wanted = min(retry_after or 0.0, policy.longest_wait)
    return max(policy.schedule[attempts], wanted) * (1 + policy.jitter() / 5)


def breaker_pause(policy: Policy, failures: int) -> float | None:
    """Seconds for which a destination with so many failures in a row is left alone; None: it is not."""
    beyond = failures - policy.breaks_after
    if beyond < 0:
        return None
    return min(policy.longest_pause, policy.first_pause * 2.0 ** min(beyond, 30))
