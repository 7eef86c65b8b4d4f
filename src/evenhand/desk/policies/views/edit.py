"""Editing: one object by a form, or the whole document as text. Both lead to a proposal that shows its difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.data import dsa
from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in
from evenhand.desk.policies import editing, forms, labels, pages, queries, services
from evenhand.desk.policies.editing import CLASSES, Place
from evenhand.engine.platform import Platform, Problem, Snapshot, export
from evenhand.engine.platform.parse import problems_of
from evenhand.engine.platform.shape import read


@requires(Permission.EDIT_PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """The whole document in an editor. POST shows its mistakes, or its difference."""
    if request.method != "POST":
        return pages.editor(request, pages.in_force())
    source = pages.source_of(request)
    try:
        document = services.read(source)
    except services.Invalid as invalid:
        return pages.editor(request, source, problems=invalid.problems)
    return pages.proposal(request, document, source, refusals=_overtaken(request, queries.current(fresh=True)))


@requires(Permission.EDIT_PLATFORM)
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """A proposal, back in the editor."""
    return pages.editor(request, pages.source_of(request))


@requires(Permission.EDIT_PLATFORM)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Puts the document of a proposal in force, if nothing else is in force by now."""
    source = pages.source_of(request)
    try:
        document = services.read(source)
    except services.Invalid as invalid:
        return pages.editor(request, source, problems=invalid.problems)
    try:
        applied = services.apply(
            document, actor=actor(signed_in(request)), expect=pages.expected(request), source=source
        )
    except services.Refused as refused:
        status = 409 if isinstance(refused, services.Conflict) else 422
        return pages.proposal(request, document, source, refusals=refused.problems, status=status)
    messages.success(request, _("Version %(version)s is in force.") % {"version": applied.version})
    return redirect("policies:index")


@requires(Permission.EDIT_PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, section: str) -> HttpResponse:
    """One object: `?id=` names it, without it is a new one. POST shows the mistakes, or the difference."""
    if section not in CLASSES:
        raise Http404
    now = queries.current(fresh=True)
    place = Place(section, request.GET.get("id", ""), _position(request))
    values = editing.values_of(now.platform, place)
    if values is None:
        raise Http404
    if request.method != "POST":
        return _show(request, now, place, values)
    if "remove" in request.POST:
        return _remove(request, now, place, values)
    return _change(request, now, place)


def _change(request: HttpRequest, now: Snapshot, place: Place) -> HttpResponse:
    sent = forms.sent(CLASSES[place.section], request.POST)
    if place.id:
        sent.values["id"] = place.id
    whole, path = editing.with_object(now.platform, place, sent.values)
    reading = read(whole)
    unread = [_at(problem, path) for problem in sent.problems]
    if found := [*unread, *problems_of(reading, dsa.categories())]:
        return _show(request, now, place, sent.values, problems=found, path=path)
    return _propose(request, now, reading.platform)


def _remove(request: HttpRequest, now: Snapshot, place: Place, values: dict[str, Any]) -> HttpResponse:
    if place.section == "platform" or not place.id:
        raise Http404
    reading = read(editing.without_object(now.platform, place))
    if found := problems_of(reading, dsa.categories()):
        return _show(request, now, place, values, problems=found)
    return _propose(request, now, reading.platform)


def _propose(request: HttpRequest, now: Snapshot, document: Platform) -> HttpResponse:
    return pages.proposal(request, document, export(document), refusals=_overtaken(request, now))


def _overtaken(request: HttpRequest, now: Snapshot) -> list[str]:
    """Tells who edits on an older page that the difference is already one to a newer version."""
    if pages.expected(request) == now.version:
        return []
    told = _("Version %(version)s was applied since you opened the page. Below is the difference to that version.")
    return [told % {"version": now.version}]


def _show(
    request: HttpRequest,
    now: Snapshot,
    place: Place,
    values: Mapping[str, Any],
    *,
    problems: Sequence[Problem] = (),
    path: str = "",
) -> HttpResponse:
    shown = forms.inputs(CLASSES[place.section], values, _choices(now, place))
    elsewhere = forms.place(problems, shown, path) if path or place.section == "platform" else list(problems)
    context = {
        "noun": labels.NOUNS[place.section],
        "section": place.section,
        "id": place.id,
        "inputs": [one for one in shown if not (place.id and one.name == "id")],
        "elsewhere": elsewhere,
        "has_problems": bool(problems),
        "version": now.version,
        "position": _shown_position(now, place),
    }
    return render(request, "policies/edit.html", context, status=422 if problems else 200)


def _shown_position(now: Snapshot, place: Place) -> int | None:
    """Only of queues the order matters: the first that takes a case gets it."""
    if place.section != "queues":
        return None
    return place.position or editing.position(now.platform, place)


def _choices(now: Snapshot, place: Place) -> dict[str, list[tuple[str, str]]]:
    """What references can name: (id, what people read)."""
    found = {
        section: [(thing.id, _named(thing)) for thing in getattr(now.platform, section) if thing.id != place.id]
        for section in ("item_types", "policies", "actions", "destinations")
    }
    return {**found, "dsa": [(one.code, one.name) for one in dsa.categories().values()]}


def _named(thing: Any) -> str:
    name = getattr(thing, "name", "")
    return thing.id if name in {"", thing.id} else f"{name} ({thing.id})"


def _position(request: HttpRequest) -> int | None:
    return pages.number(request.POST.get("position", ""), digits=4, otherwise=0) or None


def _at(problem: Problem, path: str) -> Problem:
    """A problem of the object as one of the document."""
    return msgspec.structs.replace(problem, path=f"{path}.{problem.path}") if path else problem
