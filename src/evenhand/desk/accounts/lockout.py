"""How many wrong guesses somebody has, counted in the database by axes: five, then a quarter of an hour of nothing.

Passwords are counted by e-mail address and IP address together, so that no stranger can lock a moderator out. Codes
of the second factor are counted by person alone: whoever guesses them has the password already, and many addresses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from evenhand.desk.accounts import queries
from evenhand.desk.accounts.models import User

_CODE = "second_factor"
_LONGEST_NAME = 255


def username(_request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Under which name a guess is counted (AXES_USERNAME_CALLABLE)."""
    given = credentials or {}
    name = str(given.get("email") or "").strip().lower()
    return f"{name} ({_CODE})"[:_LONGEST_NAME] if given.get(_CODE) else name[:_LONGEST_NAME]


def counted_by(_request: HttpRequest, credentials: Mapping[str, Any] | None) -> list[str | list[str]]:
    """What makes two guesses count together (AXES_LOCKOUT_PARAMETERS)."""
    if credentials and credentials.get(_CODE):
        return ["username"]
    return [["username", "ip_address"]]


def respond(
    request: HttpRequest, _response: HttpResponse | None, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """The page for who is locked out (AXES_LOCKOUT_CALLABLE): the same whether the account exists or not."""
    now = timezone.now()
    ip = None if credentials and credentials.get(_CODE) else getattr(request, "axes_ip_address", None)
    until = (queries.locked_at(username(request, credentials), ip) or now) + get_cool_off(request)
    context = {"minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1), "until": until + timedelta(minutes=1)}
    response = render(request, "accounts/locked.html", context, status=429)
    response["Retry-After"] = str(max(1, math.ceil((until - now).total_seconds())))
    return response


def may_try_code(request: HttpRequest, user: User) -> bool:
    """False when too many codes were wrong; the answer to the request is then `respond`'s."""
    if AxesProxyHandler.is_allowed(request, _code_of(user)):
        return True
    request.axes_locked_out = True  # type: ignore[attr-defined]
    request.axes_credentials = _code_of(user)  # type: ignore[attr-defined]
    return False


def wrong_code(request: HttpRequest, user: User) -> None:
    user_login_failed.send(sender=__name__, credentials=_code_of(user), request=request)


def _code_of(user: User) -> dict[str, Any]:
    return {"email": user.email, _CODE: True}
