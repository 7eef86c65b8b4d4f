"""The words of a page and of a digest: a number, a policy's name and a link; never anything of what a case is about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.desk.accounts.queries import User
from evenhand.desk.duty.models import Alarm
from evenhand.desk.policies import queries as policies
from evenhand.runtime import config


def page(alarm: Alarm, user: User, word: str, *, number: int, cap: int, silent: int) -> dict[str, Any]:
    """`number`: which page of this night it is for this person; `silent`: cases of this night that paged nobody."""
    with translation.override(_language(user)):
        policy = policies.current().policies.get(alarm.policy or "")
        lines = [
            _("Case %(number)s, critical.") % {"number": alarm.case_id}
            if alarm.cause == "critical"
            else _("Case %(number)s, asked for by the rule %(rule)s.")
            % {"number": alarm.case_id, "rule": alarm.cause.partition(":")[2]},
            _("Policy: %(name)s.") % {"name": policy.name if policy else _("none named")},
            _("Page %(number)s of at most %(cap)s in this night.") % {"number": number, "cap": cap},
        ]
        if silent:
            lines.append(
                ngettext(
                    "%(count)s more did not page: cap of %(cap)s a night.",
                    "%(count)s more did not page: cap of %(cap)s a night.",
                    silent,
                )
                % {"count": silent, "cap": cap}
            )
        if number >= cap:
            lines.append(_("It is the last one: whatever comes now waits for the morning, or for the next person."))
        return {
            "title": _("Evenhand: case %(number)s") % {"number": alarm.case_id},
            "text": "\n".join(lines),
            "link": config.current().address + reverse("web:page_link", args=[word]),
            "urgent": True,
        }


def digest(user: User, counts: dict[str, int]) -> dict[str, Any]:
    with translation.override(_language(user)):
        lines = [
            _("While you were away:"),
            *(f"- {label}: {counts[name]}" for name, label in _labels().items()),
        ]
        return {
            "title": _("Evenhand: good morning"),
            "text": "\n".join(lines),
            "link": config.current().address + reverse("web:morning"),
            "urgent": False,
        }


def _labels() -> dict[str, str]:
    return {
        "opened": _("cases came in"),
        "critical": _("of them critical"),
        "held": _("items were held"),
        "waiting_holds": _("holds wait for your yes or no"),
        "paged": _("pages were sent"),
        "silent": _("critical cases paged nobody"),
        "open": _("cases wait in all"),
    }


def _language(user: User) -> str:
    return str(user.preferences.get("language") or settings.LANGUAGE_CODE)
