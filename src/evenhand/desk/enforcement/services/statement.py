"""What a person is told of a hold on what they wrote: plain words, in each language that the desk speaks."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def statements(policy: str, until: datetime, *, by_person: bool = False) -> dict[str, str]:
    """By language: that it is hidden, why, that nobody has decided yet, and until when at the latest."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = _statement(policy, until, by_person=by_person)
    return found


def statement(policy: str, until: datetime, language: str, *, by_person: bool = False) -> str:
    """In the platform's language, if the desk speaks it, else in English."""
    told = statements(policy, until, by_person=by_person)
    return told.get(language.partition("-")[0].lower(), told["en"])


def _statement(policy: str, until: datetime, *, by_person: bool) -> str:
    parts = (
        _("This is hidden for now."),
        _by_person(policy) if by_person else _by_machine(policy),
        _("It is shown again on %(date)s at %(time)s UTC at the latest, unless a person decides otherwise before.")
        % {"date": f"{until:%Y-%m-%d}", "time": f"{until:%H:%M}"},
        _("You can object to this on the platform."),
    )
    return " ".join(parts)


def _by_machine(policy: str) -> str:
    named = (
        _("An automatic check found that it probably breaks the rule “%(policy)s”.") % {"policy": policy}
        if policy
        else _("An automatic check found that it probably breaks a rule.")
    )
    return f"{named} {_('No person has decided that yet.')}"


def _by_person(policy: str) -> str:
    """Whoever holds has named a policy."""
    return _("A moderator looks at whether it breaks the rule “%(policy)s”. That is not decided yet.") % {
        "policy": policy
    }
