"""What the platform was: every version, who applied it, what it changed; and any of them as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.desk.accounts.permissions import Permission, requires
from evenhand.desk.policies import difference, pages, queries
from evenhand.engine import platform as engine


@requires(Permission.SEE_PLATFORM)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    page = queries.versions(before=_before(request))
    return render(request, "policies/versions.html", {"page": page})


@requires(Permission.SEE_PLATFORM)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, and what it changed about the one before."""
    try:
        kept = queries.stored(number)
    except queries.NoSuchVersion:
        raise Http404 from None
    changes = engine.diff(queries.at(number - 1).platform, queries.at(number).platform)
    context = {"kept": kept, "changes": difference.show(changes), "newest": queries.latest()[0]}
    return render(request, "policies/version.html", context)


@requires(Permission.SEE_PLATFORM)
@require_safe
def download(_request: HttpRequest, number: int | None = None) -> HttpResponse:
    """A version (without number: the one in force) as TOML that `evenhand apply` takes."""
    try:
        found = queries.current(fresh=True) if number is None else queries.at(number)
    except queries.NoSuchVersion:
        raise Http404 from None
    headers = {"Content-Disposition": f'attachment; filename="platform-{found.version}.toml"'}
    return HttpResponse(engine.export(found.platform), content_type="application/toml; charset=utf-8", headers=headers)


def _before(request: HttpRequest) -> int | None:
    return pages.number(request.GET.get("before", ""), digits=9, otherwise=0) or None
