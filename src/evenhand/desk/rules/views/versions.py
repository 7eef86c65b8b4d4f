"""Who published what, what it changed, and putting an old version in force again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.rules import editing, queries, services
from evenhand.desk.rules.difference import difference
from evenhand.engine.rules import RuleError

NO_VERSION = -1


@requires(Permission.SEE_RULES)
@never_cache
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    context = {"versions": queries.versions(), "newest": queries.current(fresh=True).version}
    return render(request, "rules/versions.html", context)


@requires(Permission.SEE_RULES)
@never_cache
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, and what it changed about the one before."""
    return _show(request, number)


@requires(Permission.EDIT_RULES)
@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Publishes an old version anew, as the next one: history is never rewritten."""
    kept = queries.stored(number)
    if kept is None:
        raise Http404
    note = request.POST.get("note", "").strip() or f"Version {number} again"
    expect = request.POST.get("expect", "")
    try:
        published = services.publish(
            kept.content.sources,
            kept.content.config,
            actor=actor(signed_in(request)),
            note=note,
            expect=int(expect) if expect.isdecimal() and len(expect) < 10 else NO_VERSION,  # noqa: PLR2004 (digits)
            tests=kept.content.tests,
            files=kept.content.files,
        )
    except services.Conflict as conflict:
        return _show(request, number, refusals=[str(conflict)], status=409)
    except services.TestsFailed as failed:
        return _show(request, number, refusals=[str(failed)], status=422)
    except RuleError as error:
        return _show(request, number, refusals=[str(one) for one in error.problems], status=422)
    told = _("Version %(version)s is in force, with the rules of version %(number)s.")
    messages.success(request, told % {"version": published.version, "number": number})
    return redirect("rules:versions")


def _show(request: HttpRequest, number: int, *, refusals: list[str] | None = None, status: int = 200) -> HttpResponse:
    kept = queries.stored(number)
    if kept is None:
        raise Http404(_("There is no such version."))
    context = {
        "kept": kept,
        "changes": difference(editing.texts_of(number - 1), editing.texts_of(number)),
        "newest": queries.current(fresh=True).version,
        "refusals": refusals,
        "may_edit": allowed(signed_in(request), Permission.EDIT_RULES),
    }
    return render(request, "rules/version.html", context, status=status)
