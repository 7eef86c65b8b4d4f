"""Making a bank, joining a list to one, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.media import services
from evenhand.desk.media.queries import sources
from evenhand.desk.web import hashlists
from evenhand.desk.web.pages.banks.joining import KINDS, NewBankForm, NewListForm, kind_choices
from evenhand.desk.web.pages.banks.lists import going_rows, progress_of

GOING = 50
"""Entries on a page."""


@requires(Permission.JOIN_LISTS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_bank(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        first = {"enabled_share": 1.0, "radius": 31, "hold": "never", "hold_hours": 72}
        return render(request, "web/banks/new_bank.html", {"form": NewBankForm(initial=first)})
    form, refusal = NewBankForm(request.POST), ""
    if form.is_valid():
        try:
            bank = services.make_bank(actor=actor(signed_in(request)), **form.cleaned_data)
        except services.Invalid as error:
            refusal = str(error)
        else:
            messages.success(request, _("Made. From now on the media of all items that come in are looked at."))
            return redirect("web:bank", bank.name)
    return render(request, "web/banks/new_bank.html", {"form": form, "refusal": refusal}, status=422)


@requires(Permission.JOIN_LISTS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """First the kind; then its settings, which can be tried before anything is kept."""
    kind = request.GET.get("kind", "")
    context: dict[str, Any] = {"kinds": kind_choices(), "kind": kind, "told": KINDS.get(kind, "")}
    if kind not in KINDS or not sources.banks():
        return render(request, "web/banks/new_list.html", context | {"no_bank": not sources.banks()})
    if request.method != "POST":
        return render(request, "web/banks/new_list.html", context | {"form": NewListForm(kind)})
    form = NewListForm(kind, request.POST)
    context["form"] = form
    if form.is_valid():
        try:
            given = hashlists.from_console(kind, form.settings())
            if request.POST.get("do") == "try":
                return render(request, "web/banks/new_list.html", context | {"tried": hashlists.try_(kind, given)})
            return _joined(request, kind, form, given)
        except (services.MediaError, services.ListFailed) as error:
            context["refusal"] = str(error)
    return render(request, "web/banks/new_list.html", context, status=422)


def _joined(request: HttpRequest, kind: str, form: NewListForm, given: dict[str, Any]) -> HttpResponse:
    """Raises MediaError."""
    told = form.cleaned_data
    source = services.make_source(
        told["name"],
        bank=told["bank"],
        kind=kind,
        actor=actor(signed_in(request)),
        config=given,
        every_seconds=told["every_seconds"],
        stale_after_seconds=told["stale_after_seconds"],
    )
    messages.success(request, _("Joined. It is taken in at the next turn, within seconds while a worker runs."))
    return redirect(f"{reverse('web:lists')}#list-{source.name}")


@requires(Permission.JOIN_LISTS)
@never_cache
@require_http_methods(["GET", "POST"])
def end_list(request: HttpRequest, name: str) -> HttpResponse:
    """Another name, or its end: says first how much rests on it."""
    who, refusal = actor(signed_in(request)), ""
    try:
        source = sources.called(name)
        if request.method == "POST" and request.POST.get("do") == "rename":
            new = services.rename_source(name, request.POST.get("new", "").strip(), actor=who).name
            messages.success(request, _("%(old)s is called %(new)s now.") % {"old": name, "new": new})
            return redirect("web:lists")
        if request.method == "POST":
            services.remove_source(name, actor=who, typed=request.POST.get("typed", ""))
            messages.success(
                request, _("%(list)s is removed. Its entries are withdrawn within a minute.") % {"list": name}
            )
            return redirect("web:lists")
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    except services.Invalid as error:
        refusal = str(error)
    context = {"source": source, "rests": services.rests_on(source), "refusal": refusal}
    return render(request, "web/banks/end_list.html", context, status=422 if refusal else 200)


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def going(request: HttpRequest, name: str) -> HttpResponse:
    """Which entries a list would withdraw."""
    try:
        source = sources.called(name)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    keys = sources.going(source, GOING + 1, request.GET.get("after", "")[:255])
    context = {
        "source": source,
        "rows": going_rows(source, keys[:GOING]),
        "next": keys[GOING - 1] if len(keys) > GOING else "",
        "may_change": allowed(signed_in(request), Permission.EDIT_BANKS),
    }
    return render(request, "web/banks/going.html", context)


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def progress(request: HttpRequest, name: str) -> HttpResponse:
    """How far it is being taken in; asked by its own part of the page while it is."""
    try:
        source = sources.called(name)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    return render(request, "web/banks/progress.html", {"source": source, "run": progress_of(source), "polled": True})
