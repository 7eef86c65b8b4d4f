"""My hours: the week, the days on which it is another, how one is reached; and what the desk's hours lose."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.duty import clock, services
from evenhand.desk.duty.clock import WEEK, BadHours, Shift
from evenhand.desk.duty.queries import Way, rosters, ways
from evenhand.desk.web.pages.duty import outlook, written
from evenhand.desk.web.paging import browser_key
from evenhand.runtime import config

MOST_PLACES = 99
WRITTEN = (Way.Kind.PUSH, Way.Kind.MAIL, Way.Kind.WEBHOOK)
"""Ways whose address a person writes."""


@requires(Permission.DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The week. POST keeps it, or shows what is wrong with it."""
    user = signed_in(request)
    if request.method != "POST":
        return _show(request, user)
    try:
        services.set_hours(
            user,
            zone=request.POST.get("zone", ""),
            shifts=[shift for day in range(WEEK) for shift in written.read_day(day, request.POST.get(f"day{day}", ""))],
            place=_place(request.POST.get("place", "")),
            digest="digest" in request.POST,
            by=user,
        )
    except BadHours as problem:
        return _show(request, user, problem=str(problem))
    messages.success(request, _("Saved."))
    return redirect("web:hours")


def _place(text: str) -> int | None:
    """Raises BadHours."""
    if not text.strip():
        return None
    if not text.isdecimal() or not 1 <= int(text[:3]) <= MOST_PLACES:
        raise BadHours(_("Your place in the order of calls is a number from 1 to 99, or nothing."))
    return int(text[:3])


@requires(Permission.DECIDE)
@require_POST
def add_change(request: HttpRequest) -> HttpResponse:
    """Off, or on duty, for once."""
    user = signed_in(request)
    zone = rosters.hours_of(user).zone
    try:
        services.add_change(
            user,
            begins=_moment(request.POST.get("begins", ""), zone),
            ends=_moment(request.POST.get("ends", ""), zone),
            on=request.POST.get("on") == "on",
            note=request.POST.get("note", ""),
            by=user,
        )
    except BadHours as problem:
        return _show(request, user, problem=str(problem))
    return redirect("web:hours")


def _moment(text: str, zone: str) -> datetime:
    """As `datetime-local` gives it. Raises BadHours."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise BadHours(_("Say from when until when: a day and a time each.")) from None
    return clock.at(told.date(), told.hour * 60 + told.minute, zone)


@requires(Permission.DECIDE)
@require_POST
def drop_change(request: HttpRequest, change_id: int) -> HttpResponse:
    user = signed_in(request)
    services.drop_change(change_id, user, by=user)
    return redirect("web:hours")


@requires(Permission.DECIDE)
@require_POST
def set_ways(request: HttpRequest) -> HttpResponse:
    """How one is reached; an empty line ends a way."""
    user = signed_in(request)
    before = {way.kind: way.address for way in ways.of(user)}
    try:
        for kind in WRITTEN:
            if (address := request.POST.get(kind, "").strip()) != before.get(kind, ""):
                services.set_way(user, kind, address, by=user)
    except services.BadWay as problem:
        return _show(request, user, problem=str(problem))
    messages.success(request, _("Saved. Send a test: a way that nobody tried wakes nobody."))
    return redirect("web:hours")


@requires(Permission.DECIDE)
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    count = services.try_ways(signed_in(request))
    told = ngettext("A test leaves by %(count)s way.", "A test leaves by %(count)s ways.", count) % {"count": count}
    messages.success(request, told)
    return redirect("web:hours")


def _show(request: HttpRequest, user: User, *, problem: str = "") -> HttpResponse:
    kept = rosters.hours_of(user)
    shifts = rosters.shifts_of(kept)
    health = ways.health([user])
    found = {way.kind: way for way in ways.of(user)}
    context = {
        "hours": kept,
        "days": [(day, WEEKDAYS[day], _day(request, day, shifts, posted=bool(problem))) for day in range(WEEK)],
        "zones": clock.zones(),
        "changes": rosters.changes_of(user),
        "ways": [(kind, found.get(kind), health.get(ways.name(user.pseudonym, kind))) for kind in WRITTEN],
        "browser": (found.get(Way.Kind.BROWSER), health.get(ways.name(user.pseudonym, Way.Kind.BROWSER))),
        "browser_key": browser_key(),
        "has_mail": bool(config.current().mail_host),
        "outlook": (look := outlook.outlook(kept.zone)),
        "rows": outlook.rows(look.ways) if look.ways else [],
        "problem": problem,
        "now": timezone.now(),
    }
    return render(request, "web/duty/hours.html", context, status=422 if problem else 200)


def _day(request: HttpRequest, day: int, shifts: list[Shift], *, posted: bool) -> str:
    """As it was sent, where something was wrong with it."""
    sent = request.POST.get(f"day{day}") if posted else None
    return sent if sent is not None else written.write_day(shifts, day)
