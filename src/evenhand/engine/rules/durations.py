"""Lengths of time as people write them: 90s, 10m, 2h, 30d, 1w."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MOST_DIGITS: Final = 10
_MOST_SECONDS: Final = 36_525 * 86_400
EXAMPLE: Final = "a number and one of s, m, h, d, w: 90s, 10m, 30d"


def duration(written: str) -> timedelta:
    """Raises ValueError, with what to write instead."""
    number, unit = written[:-1].strip(), written[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > _MOST_DIGITS:
        raise ValueError(f"{written!r} is no length of time: write {EXAMPLE}")
    seconds = int(number) * _UNITS[unit]
    if seconds > _MOST_SECONDS:
        raise ValueError(f"{written!r} is more than a hundred years: write {EXAMPLE}")
    return timedelta(seconds=seconds)
