"""What the palette finds, as one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.web import navigation
from evenhand.desk.web.pages.palette import entries


@requires(Permission.OWN_ACCOUNT)
@never_cache
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Without the right to search, the pages that are theirs."""
    user = signed_in(request)
    query = request.GET.get("q", "")
    found = entries(query, user, navigation.links(request), search=allowed(user, Permission.SEARCH))
    return render(request, "web/palette.html", {"entries": found, "query": query.strip()})
