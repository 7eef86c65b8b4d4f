"""A week as people write it, “9-12, 13:30-17”, and back."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from evenhand.desk.duty.clock import DAY, BadHours, Shift

_STRETCH = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s{0,3}[-–]\s{0,3}(\d{1,2})(?:[:.](\d{2}))?")
_LONGEST = 200


def read_day(day: int, text: str) -> list[Shift]:
    """“22-6” goes on until the next morning. Raises BadHours."""
    if len(text) > _LONGEST:
        raise BadHours(_("A day's hours fit into 200 characters."))
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return [_stretch(day, part) for part in parts]


def _stretch(day: int, part: str) -> Shift:
    found = _STRETCH.fullmatch(part)
    if found is None:
        raise BadHours(_("“%(text)s” is no stretch of time: write 9-12, 13:30-17.") % {"text": part})
    begins, ends = _minutes(found[1], found[2], part), _minutes(found[3], found[4], part)
    return Shift(day, begins, ends if ends > begins else ends + DAY)


def _minutes(hours: str, minutes: str | None, part: str) -> int:
    whole = int(hours) * 60 + int(minutes or 0)
    if whole > DAY or int(minutes or 0) > 59:  # noqa: PLR2004 (minutes of an hour)
        raise BadHours(_("“%(text)s”: a day has 24 hours.") % {"text": part})
    return whole


def write_day(shifts: list[Shift], day: int) -> str:
    return ", ".join(f"{_clock(one.begins)}–{_clock(one.ends)}" for one in sorted(shifts) if one.day == day)


def _clock(minutes: int) -> str:
    inside = minutes if minutes == DAY else minutes % DAY
    return f"{inside // 60:02}:{inside % 60:02}"
