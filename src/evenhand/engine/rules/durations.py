"""Lengths of time as people write them: 90s, 10m, 2h, 30d, 1w."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MOST_DIGITS: Final = 9
EXAMPLE: Final = "a number and one of s, m, h, d, w: 90s, 10m, 30d"


def duration(written: str) -> timedelta:
    """Raises ValueError, with what to write instead."""
    number, unit = written[:-1].strip(), written[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > _MOST_DIGITS:
        raise ValueError(f"{written!r} is no length of time: write {EXAMPLE}")
    return timedelta(**{_UNITS[unit]: int(number)})
