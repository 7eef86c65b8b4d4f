"""Views of the queue: filtered, saved, shared, forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries.views import SAVED, Part, part
from evenhand.desk.web.addresses import queue_url
from evenhand.desk.web.answers import queue_of


@requires(Permission.SEE_CASES)
@require_GET
def filtered(request: HttpRequest) -> HttpResponse:
    """The queue page of what the form chose."""
    return redirect(queue_url(Part.of(request.GET.dict()).text))


@requires(Permission.SEE_CASES)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """What the queue page shows now, under a name."""
    shown = queue_of(request)
    shared = request.POST.get("shared_with", "")
    try:
        view = cases.save_view(request.POST.get("name", ""), part(shown), signed_in(request), shared_with=shared)
    except cases.BadView as problem:
        messages.error(request, str(problem))
        return redirect(queue_url(shown))
    messages.success(request, _("“%s” is saved.") % view.name)
    return redirect(queue_url(f"{SAVED}{view.pk}"))


@requires(Permission.SEE_CASES)
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    if not cases.forget_view(number, signed_in(request)):
        messages.error(request, _("Only who saved a view can forget it."))
    return redirect(queue_url(None))
