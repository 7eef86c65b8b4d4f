"""Where checkpoints are kept outside the desk, how far each place has come, and since when one fails."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from evenhand.desk.audit.models import Publication
from evenhand.runtime import config


class Published(Struct, frozen=True, kw_only=True):
    """A configured place, and the first `size` entries that are under the last checkpoint which it took."""

    place: str
    size: int = 0
    at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    contradicts: bool = False
    """It holds another history than this ledger's."""


def folder() -> str | None:
    """The name of the configured folder."""
    path = config.current().checkpoint_dir
    return f"folder {path}" if path else None


def address() -> str | None:
    """The name of the configured address: its host, since the rest may be a secret."""
    url = config.current().checkpoint_url
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc.rpartition('@')[2]}" if url else None


def published() -> list[Published]:
    """Every place that is configured."""
    names = [name for name in (folder(), address()) if name]
    known = {row.place: row for row in Publication.objects.filter(place__in=names)}
    return [_published(known[name]) if name in known else Published(place=name) for name in names]


def _published(row: Publication) -> Published:
    return Published(
        place=row.place,
        size=row.size,
        at=row.published_at,
        failing_since=row.failing_since,
        error=row.error,
        contradicts=row.contradicts,
    )
