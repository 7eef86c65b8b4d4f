"""What a person is told of a hold on what they wrote: plain words, in each language that the desk speaks."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def statements(policy: str, until: datetime) -> dict[str, str]:
    """By language: that it is hidden, why, that nobody has decided yet, and until when at the latest."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = _statement(policy, until)
    return found


def statement(policy: str, until: datetime, language: str) -> str:
    """In the platform's language, if the desk speaks it, else in English."""
    told = statements(policy, until)
    return told.get(language.partition("-")[0].lower(), told["en"])


def _statement(policy: str, until: datetime) -> str:
    named = (
        _("An automatic check found that it probably breaks the rule “%(policy)s”.") % {"policy": policy}
        if policy
        else _("An automatic check found that it probably breaks a rule.")
    )
    parts = (
        _("This is hidden for now."),
        named,
        _("No person has decided that yet."),
        _("It is shown again on %(date)s at %(time)s UTC at the latest, unless a person decides otherwise before.")
        % {"date": f"{until:%Y-%m-%d}", "time": f"{until:%H:%M}"},
        _("You can object to this on the platform."),
    )
    return " ".join(parts)
