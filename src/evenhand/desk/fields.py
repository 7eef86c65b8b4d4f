"""Instants as they are kept: integers, microseconds since 1970 UTC, the same on both databases and in raw SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models.expressions import Combinable
from django.utils import timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime | int) -> int:
    """Of a moment, or of microseconds already: an aggregate over an instant gives one on one database, the other on the
    other."""
    return moment if isinstance(moment, int) else (moment - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def now_micros() -> int:
    return to_micros(timezone.now())


class InstantField(models.BigIntegerField):  # type: ignore[type-arg]
    """An aware datetime in Python, a 64-bit count of microseconds in the database."""

    _pyi_private_set_type: datetime | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: datetime  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: Any) -> datetime | None:
        return None if value is None else from_micros(value)

    def to_python(self, value: Any) -> datetime | None:
        return from_micros(value) if isinstance(value, int) else value

    def get_prep_value(self, value: datetime | int | None) -> int | None:
        return to_micros(value) if isinstance(value, datetime) else value
