"""The home page: the queue, in the order of expected harm."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries.queue import MOST_NEW, Place
from evenhand.desk.enforcement.queries import again as second_looks
from evenhand.desk.enforcement.queries import seconds
from evenhand.desk.fields import from_micros, to_micros
from evenhand.desk.media.queries import alarms
from evenhand.desk.referral.queries import opinions
from evenhand.desk.web import navigation
from evenhand.desk.web.addresses import case_url, queue_url
from evenhand.desk.web.answers import queue_of
from evenhand.desk.web.pages.queue import new_since, queue_page
from evenhand.desk.web.pages.toast import toast

LONGEST_INSTANT = 17
"""Digits of microseconds since 1970, for some thousand years."""


@requires(Permission.OWN_ACCOUNT)
@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Who may not see cases starts on the first page that is theirs."""
    user = signed_in(request)
    if not allowed(user, Permission.SEE_CASES):
        return redirect(next((page.url for page in navigation.links(request)), "accounts:me"))
    name = queue_of(request)
    page = queue_page(user, queue=name or None, after=Place.read(request.GET.get("after", "")))
    context = {
        "page": page,
        "queue": name,
        "roles": sorted(accounts.roles(user)),
        "since": to_micros(page.now),
        "new": 0,
        "toast": toast(request.GET.get("decided"), user),
        "lists": alarms.needing() if allowed(user, Permission.SEE_BANKS) else [],
        "may_decide": allowed(user, Permission.DECIDE),
        "asked": opinions.asked_of(user) if allowed(user, Permission.DECIDE) else [],
        "differing": second_looks.untold(user) if allowed(user, Permission.DECIDE) else 0,
        "seconds": seconds.count_for(user) if allowed(user, Permission.SECOND) else 0,
    }
    return render(request, "web/queue/page.html", context)


@requires(Permission.SEE_CASES)
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """How many cases came since the page was made; 304 while the number is the one that the page shows already."""
    since, name = request.GET.get("since", ""), queue_of(request)
    known = since.isdecimal() and len(since) <= LONGEST_INSTANT
    count = new_since(signed_in(request), name or None, from_micros(int(since))) if known else 0
    tag = f'"{count}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    context = {"new": count, "many": count > MOST_NEW, "most": MOST_NEW, "queue": name, "since": since}
    response = render(request, "web/queue/new.html", context)
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


@requires(Permission.DECIDE)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Take the first case that nobody holds."""
    name = queue_of(request)
    case = cases.next_case(signed_in(request), name or None)
    if case is None:
        messages.info(request, _("Nothing here that is free, and yours to decide."))
        return redirect(queue_url(name))
    return redirect(case_url(case.pk, name))
