"""Licences to hold: the page, and the switch that ends them all."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.services import licences
from evenhand.desk.web.pages.licences import page


@requires(Permission.SEE_PLATFORM)
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page(),
        "may_stop": allowed(request.user, Permission.DECIDE),
        "may_resume": allowed(request.user, Permission.EDIT_PLATFORM),
    }
    return render(request, "web/licences/page.html", context)


@requires(Permission.DECIDE)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Anybody who decides may: it hides nothing from anybody."""
    said = _("Nothing is held by licence any more. What was held is shown again.")
    return _done(request, lambda: licences.stop(signed_in(request)), said)


@requires(Permission.EDIT_PLATFORM)
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    return _done(request, lambda: licences.resume(signed_in(request)), _("What licences cover may be held again."))


def _done(request: HttpRequest, change: Callable[[], object], said: str) -> HttpResponse:
    try:
        change()
    except enforcement.Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("licences:overview")
