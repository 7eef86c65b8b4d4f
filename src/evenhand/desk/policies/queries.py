"""What can be asked about the platform: the document in force, and every one before."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock

import msgspec
from msgspec import Struct

from evenhand.desk.policies.models import PlatformVersion
from evenhand.engine.platform import Platform, Snapshot, snapshot

__all__ = ["NoSuchVersion", "Page", "Snapshot", "at", "current", "forget", "latest", "stored", "versions"]

STALE_SECONDS = 1.0
"""How old the answer of `current()` may be."""
UNCONFIGURED = Platform(name="Unconfigured")


class NoSuchVersion(LookupError):
    """No document with that number was ever applied."""


def current(*, fresh: bool = False) -> Snapshot:
    """The document in force, at most 1 s old; with `fresh`, as of now. Before anything was applied: version 0, empty.

    Costs nothing while it is fresh, else one query for the newest version. Any thread may ask.
    """
    known = _cache.snapshot
    if known and not fresh and time.monotonic() < _cache.until:
        return known
    with _cache.lock:
        return _cache.refresh(fresh=fresh)


def at(version: int) -> Snapshot:
    """The document as it was. Raises NoSuchVersion."""
    digest = PlatformVersion.objects.filter(version=version).values_list("digest", flat=True).first()
    if digest is None:
        if version == 0:
            return _read(0, "")
        raise NoSuchVersion(f"There is no version {version} of the platform document.")
    return _read(version, digest)


def latest() -> tuple[int, str]:
    """Number and digest of the newest version; (0, "") when nothing was applied yet."""
    return PlatformVersion.objects.order_by("-version").values_list("version", "digest").first() or (0, "")


class Page(Struct, frozen=True):
    """Some versions, newest first, without their documents. `next` is the `before` of the following page."""

    versions: tuple[PlatformVersion, ...]
    next: int | None


def versions(*, before: int | None = None, limit: int = 50) -> Page:
    """The newest versions, or those older than `before`."""
    found = PlatformVersion.objects.defer("document", "source", "policy_versions").order_by("-version")
    if before is not None:
        found = found.filter(version__lt=before)
    rows = tuple(found[: limit + 1])
    return Page(rows[:limit], rows[limit - 1].version if len(rows) > limit else None)


def stored(version: int) -> PlatformVersion:
    """One version as it is kept. Raises NoSuchVersion."""
    found = PlatformVersion.objects.filter(version=version).first()
    if found is None:
        raise NoSuchVersion(f"There is no version {version} of the platform document.")
    return found


def forget() -> None:
    """The next `current()` of this process reads the document anew."""
    _read.cache_clear()
    _cache.until = 0.0


@lru_cache(maxsize=16)
def _read(version: int, digest: str) -> Snapshot:  # noqa: ARG001 (after a rollback one number may mean two documents)
    if version == 0:
        return snapshot(0, UNCONFIGURED, {})
    row = stored(version)
    policy_versions: Mapping[str, int] = row.policy_versions
    return snapshot(version, msgspec.json.decode(row.document, type=Platform), policy_versions)


class _Cache:
    """The last snapshot, and until when it may be given out without a look at the database."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.snapshot: Snapshot | None = None
        self.until = 0.0

    def refresh(self, *, fresh: bool) -> Snapshot:
        """Under the lock. Another thread may have refreshed meanwhile: that is new enough, unless `fresh`."""
        asked = time.monotonic()
        if self.snapshot is None or fresh or asked >= self.until:
            self.snapshot = _read(*latest())
            self.until = asked + STALE_SECONDS
        return self.snapshot


_cache = _Cache()
