"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.web.pages.search import SECTIONS, find

LONGEST_NUMBER = 18


@requires(Permission.SEARCH)
@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    results = find(
        request.GET.get("q", ""),
        signed_in(request),
        section=next((one for one in SECTIONS if one == request.GET.get("in")), None),
        before=int(before) if before.isdecimal() and len(before) <= LONGEST_NUMBER else None,
    )
    return render(request, "web/search/page.html", {"results": results})
