"""A short way for machines: an API request needs no session, language, CSRF token, account or page headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, resolve

NO_CONTENT = 204
PREFIXES = ("/api/v1/", "/api/v2/", "/ready")
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)


class ApiLane:
    """The first middleware: what is not an API's goes the long way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._long_way = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIXES):
            return self._long_way(request)
        response = _called(request)
        for name, value in _HEADERS:
            response.headers[name] = value
        if isinstance(response, HttpResponse) and response.status_code != NO_CONTENT:
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _called(request: HttpRequest) -> HttpResponseBase:
    try:
        match = _resolved(request.path_info)
    except Http404:
        return HttpResponse(status=404)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


@lru_cache(maxsize=256)
def _resolved(path: str) -> ResolverMatch:
    """The few addresses to which nearly all requests go are looked up once."""
    return resolve(path)
