"""What the media of items hash to: whether two items show the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evenhand.desk import sql
from evenhand.engine.model import Ref
from evenhand.engine.triage.clusters import Medium

_BYTES = 32
"""Of a PDQ hash; behind it stand those of the picture's variants."""


def hashes(refs: Sequence[Ref]) -> Mapping[Ref, Mapping[str, Medium]]:
    """By item and address. Media that came without an address, and videos by their frames, are not told."""
    if not refs:
        return {}
    values, parameters = sql.among(sorted(refs))
    found = sql.rows(
        "SELECT item_type, item_id, url, kind, value, flat FROM media_seen"  # noqa: S608 (marks only)
        f" WHERE (item_type, item_id) IN {values} AND url <> '' AND kind <> 'vpdq' ORDER BY id",
        parameters,
    )
    by_medium: dict[tuple[Ref, str], list[tuple[str, str, bool]]] = {}
    for type_, id_, url, kind, value, flat in found:
        by_medium.setdefault((Ref(type_, id_), url), []).append((kind, bytes(value[:_BYTES]).hex(), bool(flat)))
    told: dict[Ref, dict[str, Medium]] = {}
    for (ref, url), some in by_medium.items():
        told.setdefault(ref, {})[url] = _medium(some)
    return told


def _medium(some: Iterable[tuple[str, str, bool]]) -> Medium:
    kinds = list(some)
    pdq = next((value for kind, value, _ in kinds if kind == "pdq"), "")
    exact = tuple(sorted(f"{kind}:{value}" for kind, value, _ in kinds if kind != "pdq"))
    return Medium(pdq, exact, flat=any(flat for *_, flat in kinds))
