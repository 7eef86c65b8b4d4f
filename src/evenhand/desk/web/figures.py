"""Figures as the reader's language writes them."""

from __future__ import annotations

from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from evenhand.engine.triage.reliability import accuracy

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def written(value: float, form: str = "g") -> str:
    """`form` is a format of Python's; its marks become those of the language."""
    marks = {".": get_format("DECIMAL_SEPARATOR"), ",": get_format("THOUSAND_SEPARATOR")}
    return f"{value:{form}}".translate(str.maketrans(marks))


def number(value: Any) -> str:
    """A figure as short as it can be read."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return written(value, "," if isinstance(value, int) else ",.3g")


def share(value: float) -> str:
    """A share from 0 to 1, in per cent."""
    return _("%(share)s %%") % {"share": written(value * 100, ".3g")}


def accurate(part: int, whole: int) -> str:
    """A share with its denominator and its 90 % interval by Wilson."""
    if not whole:
        return "–"
    found = accuracy(part, whole - part, weight=0.0)
    return _("%(part)s of %(whole)s: %(share)s (90 %% interval %(low)s to %(high)s)") % {
        "part": written(part, ","),
        "whole": written(whole, ","),
        "share": share(round(part / whole, 3)),
        "low": share(round(max(0.0, found.low), 3)),
        "high": share(round(min(1.0, found.high), 3)),
    }


def span(seconds: float) -> str:
    """How long something takes or took, in one unit."""
    count = max(0, int(seconds))
    if count < MINUTE:
        return _("%(count)s s") % {"count": count}
    if count < HOUR:
        return _("%(count)s min") % {"count": count // MINUTE}
    if count < 2 * DAY:
        return _("%(count)s h") % {"count": count // HOUR}
    return _("%(count)s d") % {"count": count // DAY}
