"""The editor: all files in one form, told at once what is wrong with them, tried on an event, published as a whole."""

from __future__ import annotations

from collections.abc import Mapping
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
from evenhand.desk.rules.editing import File
from evenhand.desk.rules.merging import together
from evenhand.desk.web.answers import by_htmx
from evenhand.desk.web.pages.rules import trying
from evenhand.desk.web.pages.rules.overtaken import overtaken
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
    ways = {
        "publish": _publish,
        "over": _publish_over,
        "theirs": _take_theirs,
        "together": _put_together,
        "add": _add,
    }
    files, version = _sent(request)
    return ways.get(request.POST.get("do", ""), _look)(request, files, version)


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


def _look(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    return _show(request, files, version, _check(files))


def _publish_over(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    return _publish(request, files, version, over=_version(request, "over"))


def _publish(request: HttpRequest, files: list[File], version: int, over: int | None = None) -> HttpResponse:
    """Whatever keeps it from being published is told, with all that was written still in the form. `over`: the newer
    version that the person saw, and means to replace."""
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
            expect=version if over is None else over,
            tests=project.tests,
            files=_kept(files, version, project.files),
        )
    except services.Conflict as conflict:
        newer = overtaken(version, conflict.version, editing.texts(files), actor=actor(signed_in(request)))
        return _show(request, files, version, found, overtaken=newer, status=409)
    except services.TestsFailed as failed:
        found = replace(found, failed=failed.outcomes)
        return _show(request, files, version, found, refused=True, status=422)
    except RuleError as error:
        return _show(request, files, version, replace(found, problems=error.problems), refused=True, status=422)
    told = _("Version %(version)s is in force.") if published.fresh else _("Nothing differs from version %(version)s.")
    messages.success(request, told % {"version": published.version})
    return redirect("web:rules")


def _kept(files: list[File], version: int, texts: Mapping[str, str]) -> Mapping[str, str]:
    """A form that changes nothing is no new version, though the one before was published without these texts."""
    stored = queries.stored(version)
    return texts if stored is None or any(one.changed for one in files) else stored.content.files


def _take_theirs(request: HttpRequest, files: list[File], _version: int) -> HttpResponse:
    """What is in force stands in the form, and what the person wrote beside it."""
    now, texts = editing.in_force()
    aside = editing.aside(request.POST.dict(), files)
    return _show(request, editing.shown(texts), now, checked(texts), aside=aside, taken=True)


def _put_together(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    """The changes of both stand in the form, on top of the version in force. Nothing is published."""
    now, after = editing.in_force()
    mine = editing.texts(files)
    both = together(editing.texts_of(version), mine, after)
    if both.clashes:
        return _show(
            request,
            files,
            version,
            _check(files),
            overtaken=overtaken(version, now, mine, actor=actor(signed_in(request))),
            status=409,
        )
    return _show(request, editing.shown_after(both.texts, after), now, checked(both.texts), joined=True)


def _add(request: HttpRequest, files: list[File], version: int) -> HttpResponse:
    path = request.POST.get("new_path", "").strip()
    if path:
        number = max((one.number for one in files), default=-1) + 1
        files = [*files, File(number, path, "", "", "", open=True)]
    return _show(request, files, version, _check(files), focus=files[-1].number if path else None)


def _sent(request: HttpRequest) -> tuple[list[File], int]:
    version = _version(request, "expect")
    return editing.sent(request.POST.dict(), editing.texts_of(version)), version


def _version(request: HttpRequest, field: str) -> int:
    text = request.POST.get(field, "")
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else NO_VERSION


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
        "aside": editing.aside(request.POST.dict()),
        **more,
    }
    return render(request, "web/rules/editor.html", context, status=status)
