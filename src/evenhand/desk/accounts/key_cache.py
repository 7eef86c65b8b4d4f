"""The API keys that this process asked about in the last two seconds, found or not."""

from __future__ import annotations

from msgspec import Struct

from evenhand.desk.accounts.brief_cache import BriefCache


class ApiKeyInfo(Struct, frozen=True):
    name: str
    scopes: frozenset[str]
    acts_as: int | None = None
    """Number of the person whose decisions a key of scope `moderate` makes."""


CACHE: BriefCache[ApiKeyInfo | None] = BriefCache(seconds=2.0, size=10_000)
"""By digest. None: no such key."""
