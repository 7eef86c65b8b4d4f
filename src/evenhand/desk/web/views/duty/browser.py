"""Being reached in a browser: its subscription, and the script that shows what comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evenhand.connectors.pages import BadSubscription, read
from evenhand.desk.accounts.permissions import Permission, public, requires, signed_in
from evenhand.desk.duty import services
from evenhand.desk.duty.queries import Way
from evenhand.desk.web.assets import ASK_AGAIN, shelf

WORKER = "web/worker.js"


@requires(Permission.DECIDE)
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """This browser, instead of any before; an empty line ends it."""
    line = request.POST.get("subscription", "").strip()
    user = signed_in(request)
    try:
        if line:
            read(line)
        services.set_way(user, Way.Kind.BROWSER, line, by=user)
    except (BadSubscription, services.BadWay):
        messages.error(request, _("The browser gave no subscription that can be used: try again, or another browser."))
    else:
        saved = _("Saved. Send a test: a way that nobody tried wakes nobody.")
        messages.success(request, saved if line else _("No browser is reached any more."))
    return redirect("web:hours")


@public("browsers fetch it by themselves, and it tells nothing")
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """At the root, because a worker sees only what lies below its own address."""
    asset = shelf().files[WORKER]
    response = HttpResponse(asset.body, content_type=asset.type)
    response["Cache-Control"] = ASK_AGAIN
    return response
