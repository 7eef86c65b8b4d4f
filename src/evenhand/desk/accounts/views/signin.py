"""Coming in by a link that works once."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.permissions import public

_GONE = 410


@public("it is how somebody comes in who has no password yet")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_once(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, so that a preview of the link does not use it up; POST signs in, or asks for the code."""
    if request.method == "POST" and (user := services.use_one_time_login(token)):
        response: HttpResponse = perform_login(request, user)
        return response
    state = queries.one_time_login(token)
    return render(request, "accounts/login_once.html", {"state": state}, status=200 if state == "open" else _GONE)
