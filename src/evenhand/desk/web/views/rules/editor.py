"""The editor: all files in one form, told at once what is wrong with them, tried on an event, published as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from msgspec.structs import replace

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.rules import checking, editing, queries, services
from evenhand.desk.rules.checking import Checked, checked
from evenhand.desk.rules.difference import difference
from evenhand.desk.rules.editing import File
from evenhand.desk.web.answers import by_htmx
from evenhand.desk.web.pages.rules import trying
from evenhand.engine.rules import RuleError

NO_VERSION = -1
MOST_DIGITS = 9


@requires(Permission.EDIT_RULES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        version, texts = editing.in_force()
        files = editing.shown(texts, request.GET.get("file", ""))
        return _show(request, files, version, checked(texts))
    files, version = _sent(request)
    match request.POST.get("do", "look"):
        case "publish":
            return _publish(request, files, version)
        case "add":
            return _add(request, files, version)
    return _show(request, files, version, _check(files))


@requires(Permission.EDIT_RULES)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the files, while somebody writes."""
    files, version = _sent(request)
    if not by_htmx(request):
        return _show(request, files, version, _check(files))
    found = _check(files)
    context = {"checked": found, "files": _numbers(files), "names": _names(found)}
    return render(request, "web/rules/checked.html", context)


@requires(Permission.EDIT_RULES)
@require_POST
def try_(request: HttpRequest) -> HttpResponse:
    """What the files would make of an event. Only who may read content may try one of the desk's."""
    files, version = _sent(request)
    found = _check(files, seconds=0)
    user = signed_in(request)
    given = request.POST if allowed(user, Permission.SEARCH) else {**request.POST.dict(), "choice": ""}
    tried = trying.tried(found.rules, given, user)
    if by_htmx(request):
        return render(request, "web/rules/tried.html", {"tried": tried})
    return _show(request, files, version, found, tried=tried)


def _publish(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    """Whatever keeps it from being published is told, with all that was written still in the form."""
    found = _check(files)
    if not found.fits or found.project is None:
        return _show(request, files, version, found, refused=True, status=422)
    project = found.project
    try:
        published = services.publish(
            project.sources,
            project.config,
            actor=actor(signed_in(request)),
            note=request.POST.get("note", "").strip(),
            expect=version,
            tests=project.tests,
            files=project.files,
        )
    except services.Conflict as conflict:
        return _overtaken(request, files, version, conflict.version, found)
    except services.TestsFailed as failed:
        found = replace(found, failed=failed.outcomes)
        return _show(request, files, version, found, refused=True, status=422)
    except RuleError as error:
        return _show(request, files, version, replace(found, problems=error.problems), refused=True, status=422)
    told = _("Version %(version)s is in force.") if published.fresh else _("Nothing differs from version %(version)s.")
    messages.success(request, told % {"version": published.version})
    return redirect("web:rules")


def _overtaken(request: HttpRequest, files: list[File], seen: int, now: int, found: Checked) -> HttpResponse:
    """Somebody else published meanwhile: what they changed is shown, and publishing again replaces it."""
    theirs = difference(editing.texts_of(seen), editing.texts_of(now))
    stored = queries.stored(now)
    context = {"theirs": theirs, "overtaken": stored}
    return _show(request, files, now, found, status=409, **context)


def _add(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    path = request.POST.get("new_path", "").strip()
    if path:
        number = max((one.number for one in files), default=-1) + 1
        files = [*files, File(number, path, "", "", "", open=True)]
    return _show(request, files, version, _check(files), focus=files[-1].number if path else None)


def _sent(request: HttpRequest) -> tuple[list[File], int]:
    text = request.POST.get("expect", "")
    version = int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else NO_VERSION
    return editing.sent(request.POST.dict(), editing.texts_of(version)), version


def _check(files: list[File], *, seconds: float = checking.SECONDS) -> Checked:
    if problems := editing.twice(files):
        return Checked(problems)
    return checked(editing.texts(files), seconds=seconds)


def _names(found: Checked) -> list[str]:
    """The rules that can be asked about: those that are written, or those in force while there are mistakes."""
    return trying.rule_names(found.rules or queries.current().rules)


def _numbers(files: list[File]) -> dict[str, int]:
    return {one.path: one.number for one in files}


def _show(
    request: HttpRequest, files: list[File], version: int, found: Checked, *, status: int = 200, **more: Any
) -> HttpResponse:
    user = signed_in(request)
    wrong = {one.file for one in found.problems}
    may_search = allowed(user, Permission.SEARCH)
    context = {
        "files": [replace(one, open=True) if one.path in wrong else one for one in files],
        "numbers": _numbers(files),
        "version": version,
        "checked": found,
        "note": request.POST.get("note", ""),
        "may_search": may_search,
        "choices": trying.choices(user) if may_search else [],
        "choice": request.POST.get("choice", ""),
        "event": request.POST.get("event", ""),
        "names": _names(found),
        "why": request.POST.get("why", ""),
        **more,
    }
    return render(request, "web/rules/editor.html", context, status=status)
