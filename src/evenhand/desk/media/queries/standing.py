"""What stands of a medium from before: the matches that were written down, with what their entries say now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenhand.desk import sql
from evenhand.desk.media.models import Match
from evenhand.desk.media.queries import matching
from evenhand.engine.detect.knownmedia import STANDS, Hit, Stood, in_order

_AT_ONCE = 900


def provide(keys: Sequence[str]) -> dict[str, Stood]:
    """State of the fold that this room keeps: `matched:<medium>` → what was told of it, where anything was."""
    found = stood([key.removeprefix(STANDS) for key in keys])
    return {f"{STANDS}{medium}": one for medium, one in found.items()}


def stood(media: Sequence[str]) -> dict[str, Stood]:
    """By the name of the medium. Hits that were withdrawn, or of entries that are off, are left out."""
    found: list[Match] = []
    for some in sql.batched(media, _AT_ONCE):
        found += Match.objects.filter(medium__in=some)
    hits: dict[str, list[Hit]] = {one.medium: [] for one in found}
    for one, hit in _hits(found):
        hits[one.medium].append(hit)
    events: dict[str, set[str]] = {}
    for one in found:
        events.setdefault(one.medium, set()).add(one.event_id)
    return {medium: Stood(in_order(some), sorted(events[medium])) for medium, some in hits.items()}


def of_matches(found: Sequence[Match]) -> list[Hit]:
    """What still speaks, the nearest first."""
    return in_order(hit for _one, hit in _hits(found))


def _hits(found: Sequence[Match]) -> Iterator[tuple[Match, Hit]]:
    standing = [one for one in found if one.withdrawn_at is None]
    near = matching.near([(one.entry_id, one.distance) for one in standing])
    for one, told in zip(standing, near, strict=True):
        if told is not None:
            yield one, Hit(told, one.variant, frames=None, flat=one.flat)
