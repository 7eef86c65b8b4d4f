"""Pages for what went wrong: what happened, and what to do next."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from evenhand.desk.accounts.permissions import public

_log = structlog.get_logger("web")


@public("whoever sent it is told")
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return _page(request, 400, _("The request cannot be read"), _("Go back, load the page anew and try again."))


@public("whoever sent it is told")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return _page(
        request, 403, _("The page was too old"), _("Nothing was changed. Go back, load the page anew and try again.")
    )


@public("whoever was refused is told")
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return _page(
        request, 403, _("This is not yours to see"), _("Ask an administrator of your desk for the role that may.")
    )


@public("an address that leads nowhere has no secret")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception.args[0]) if exception and exception.args and isinstance(exception.args[0], str) else ""
    what = said or _("The address may be mistyped, or what was here is gone.")
    return _page(request, 404, _("There is nothing here"), what)


@public("whoever met the failure is told")
def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without database, session or user; whatever the request carries may be what failed."""
    _log.exception("A request failed.", method=request.method, path=request.path)
    response = HttpResponse(render_to_string("web/errors/plain.html"), status=500)
    response["Retry-After"] = "5"
    return response


def _page(request: HttpRequest, code: int, title: str, what: str) -> HttpResponse:
    return render(request, "web/errors/page.html", {"code": code, "heading": title, "what": what}, status=code)
