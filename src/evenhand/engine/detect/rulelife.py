"""The life of a rule as the fold sees it: whether it is active for an event, and what may follow."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from evenhand.engine.model import Micros

PREFIX = "rule:"
"""Before the name of a rule, in the names of its signals."""
LONGEST_NAME = 59
"""A rule's name, in characters: with the prefix it is the name of a signal."""
Stage = Literal["draft", "shadow", "canary", "live", "retired"]
_SPACE = 1 << 64


class RuleLife(Struct, frozen=True):
    """`share`: of authors for whom a canary is live. `cap_per_hour`: how often it may hold or act."""

    stage: Stage = "draft"
    share: float = 0.1
    cap_per_hour: int = 100
    expires_at: Micros | None = None

    def at(self, rule: str, author: str, now: Micros) -> Stage:
        """The stage that counts for an event by this author: a canary is live or in shadow; what expired is retired."""
        if self.expires_at is not None and now >= self.expires_at:
            return "retired"
        if self.stage == "canary" and not in_share(rule, author, self.share):
            return "shadow"
        return self.stage


DRAFT = RuleLife()
"""What a rule is that nobody has moved yet."""


def in_share(rule: str, author: str, share: float) -> bool:
    """Whether the author is among the share for this rule: always the same ones, others for each rule."""
    digest = blake2b(f"{len(rule)}:{rule}{author}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * _SPACE
