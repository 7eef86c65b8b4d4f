"""Good night, and what a page's link opens."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts.permissions import Permission, public, requires, signed_in
from evenhand.desk.duty import clock, services
from evenhand.desk.duty.queries import alarms, rosters
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.duty.evening import evening

LONGEST_WORD = 64
MOST_DIGITS = 3


@requires(Permission.DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def night(request: HttpRequest) -> HttpResponse:
    """What will be held, what will page, what waits; then it begins."""
    user = signed_in(request)
    page, problem = evening(user), ""
    if request.method == "POST":
        try:
            services.begin(
                user, until=_until(request, page.zone), cap=_cap(request.POST.get("cap", "")), shown=page.kept()
            )
        except services.DutyError as error:
            problem = str(error)
        else:
            messages.success(request, _("Good night."))
            return redirect("web:night")
    context = {"page": page, "open": rosters.open_night(), "problem": problem, "alarms": alarms.open_to(user)}
    return render(request, "web/duty/night.html", context, status=422 if problem else 200)


def _until(request: HttpRequest, zone: str) -> datetime:
    """As `datetime-local` gives it, on the person's clock. Raises DutyError."""
    try:
        told = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        raise services.DutyError(_("Say until when: a day and a time.")) from None
    return clock.at(told.date(), told.hour * 60 + told.minute, zone)


def _cap(text: str) -> int:
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise services.DutyError(_("The cap on pages is a whole number."))
    return int(text)


@requires(Permission.DECIDE)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    found = rosters.open_night()
    if found is not None:
        services.end(found.pk, signed_in(request))
    return redirect("web:morning")


@requires(Permission.DECIDE)
@require_POST
def acknowledge(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Somebody who is signed in is on it."""
    services.acknowledge(alarm_id, signed_in(request), how="console")
    return redirect("web:night")


@public("whoever was paged has the link, half asleep and signed out; it shows a number and a policy, nothing else")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, word: str) -> HttpResponse:
    """What a page's link opens. Only the button acknowledges: programs that look at mail open links, too."""
    page = alarms.of_link(word) if len(word) <= LONGEST_WORD else None
    if page is None or not page.user.is_active:
        raise Http404(_("There is no such page."))
    if request.method == "POST":
        services.acknowledge(page.alarm_id, page.user, how="link")
        return redirect("web:page_link", word=word)
    policy = policies.current().policies.get(page.alarm.policy or "")
    return render(request, "web/duty/link.html", {"paged": page, "alarm": page.alarm, "policy": policy})
