"""The page of quality."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.enforcement.services import again
from evenhand.desk.web.pages.quality import quality_page


@requires(Permission.SEE_CASES)
@never_cache
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """Who sees where they and another differ was told of it."""
    user = signed_in(request)
    page = quality_page(user)
    again.tell(user)
    return render(request, "web/quality/page.html", {"page": page, "may_decide": allowed(user, Permission.DECIDE)})
