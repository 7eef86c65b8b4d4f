"""How views of items came in over time, and how fast they come on this platform."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import msgspec

from evenhand.desk import sql
from evenhand.desk.fields import to_micros
from evenhand.desk.intake.models import ViewFit
from evenhand.engine.model import Micros
from evenhand.engine.triage.exposure import NONE, Count, HalfLife

MOST_VERSIONS = 50_000
"""The newest that the half-life is fitted to."""


class _Told(msgspec.Struct):
    """Of an earlier version of an item, its views."""

    views: int | None = None


_DECODER = msgspec.json.Decoder(_Told)


def counts(most: int = MOST_VERSIONS) -> Iterator[list[Count]]:
    """For each content item that changed lately and tells its age and its views: all its counts."""
    found = sql.rows(
        "SELECT v.item_type, v.item_id, v.seen_at - i.created_at, v.data, i.last_seen - i.created_at, i.views"
        " FROM (SELECT item_type, item_id, seen_at, data FROM intake_itemversion ORDER BY id DESC LIMIT %s) v"
        " JOIN intake_item i ON i.item_type = v.item_type AND i.item_id = v.item_id"
        " WHERE i.kind = 'content' AND i.created_at IS NOT NULL AND i.views IS NOT NULL"
        " ORDER BY v.item_type, v.item_id",
        [most],
    )
    for _, rows in groupby(found, key=itemgetter(0, 1)):
        told = list(rows)
        earlier = [(age, _DECODER.decode(data).views) for _type, _id, age, data, _now, _views in told]
        latest = Count(told[0][4], told[0][5])
        yield [*(Count(age, views) for age, views in earlier if views is not None), latest]


def half_life() -> HalfLife:
    """What the order of cases stands on: the fit in force; the published one before there is any."""
    fit = _in_force()
    return HalfLife(fit.half_life, fit.low, fit.high, fit.items) if fit else NONE


def in_force_since() -> Micros:
    """When that was fitted; 0: never."""
    fit = _in_force()
    return to_micros(fit.fitted_at) if fit else 0


def _in_force() -> ViewFit | None:
    return ViewFit.objects.filter(in_force=True).order_by("-id").first()


def newest_fit() -> ViewFit | None:
    """The last one that was made, in force or not."""
    return ViewFit.objects.order_by("-id").first()
