"""The page of all rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.web.pages.rules.overview import overview


@requires(Permission.SEE_RULES)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "page": overview(),
        "may_edit": allowed(user, Permission.EDIT_RULES),
        "may_search": allowed(user, Permission.SEARCH),
    }
    return render(request, "web/rules/index.html", context)
