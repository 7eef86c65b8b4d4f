"""What templates ask of duty: clocks of places, kinds of harm, and what a person is spared."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.preferences import Preferences
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.duty.queries import Alarm
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.duty.spared import Spared, on_case, on_queue
from evenhand.desk.web.pages.reports import policy_name

register = template.Library()
USUAL = Preferences().break_minutes


def _user(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) else None


@register.inclusion_tag("web/duty/tabs.html", takes_context=True)
def duty_tabs(context: Context, tab: str) -> dict[str, Any]:
    user = _user(context)
    return {"tab": tab, "may_decide_duty": user is not None and allowed(user, Permission.DECIDE)}


@register.filter
def on_clock(moment: datetime | None, zone: str) -> str:
    """Day and time on the clock of a place, with its name."""
    if moment is None:
        return ""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(here, 'D')} {here:%Y-%m-%d %H:%M} ({zone})"


@register.filter
def local_input(moment: datetime, zone: str) -> str:
    """As an input of type datetime-local takes it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


@register.simple_tag
def kind_name(kind: str) -> str:
    return policy_name(kind or None, policies.current()) or _("no policy")


@register.simple_tag
def alarm_state(alarm: Alarm) -> str:
    return {
        Alarm.State.RINGING: _("rings"),
        Alarm.State.ACKNOWLEDGED: _("acknowledged"),
        Alarm.State.CAPPED: _("did not page: the cap was reached"),
        Alarm.State.UNHEARD: _("nobody answered"),
        Alarm.State.SETTLED: _("over before anybody answered"),
        Alarm.State.KNOWN: _("known"),
    }[Alarm.State(alarm.state)]


@register.inclusion_tag("web/duty/spared.html", takes_context=True)
def spared(context: Context) -> dict[str, Any]:
    """On the queue: what is passed over, and whether a pause is due."""
    user = _user(context)
    told = on_queue(user, _every(user)) if user and allowed(user, Permission.DECIDE) else Spared()
    return {"told": told, "request": context.get("request")}


@register.inclusion_tag("web/duty/spared_case.html", takes_context=True)
def spared_case(context: Context, case: Case) -> dict[str, Any]:
    """On a case: why it came all the same, and whether a pause is due."""
    user = _user(context)
    told = on_case(user, case, _every(user)) if user and allowed(user, Permission.DECIDE) else Spared()
    return {"told": told, "request": context.get("request")}


def _every(user: User | None) -> int:
    wanted = user.preferences.get("break_minutes", USUAL) if user else 0
    return wanted if isinstance(wanted, int) else USUAL
