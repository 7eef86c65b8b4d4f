"""The page of numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.web.pages.numbers import numbers as page_of


@requires(Permission.SEE_CASES)
@never_cache
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "web/numbers/page.html", {"page": page_of(signed_in(request))})
