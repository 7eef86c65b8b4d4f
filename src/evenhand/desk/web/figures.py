"""Figures as the reader's language writes them."""

from __future__ import annotations

from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

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
