"""Addresses of operations: all that share a path become one endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path

from evenhand.desk.intake.api.endpoint import Endpoint, refusal
from evenhand.desk.intake.api.operations import Operation
from evenhand.desk.intake.api.problem_bodies import STYLES
from evenhand.desk.intake.api.refusals import NOT_FOUND, Refused

_PARAMETER = re.compile(r"\\\{(\w+)\\\}")


def patterns(operations: Iterable[Operation]) -> list[URLPattern]:
    """URL patterns below `api/`, and at the end one that says in the API's own shape that there is nothing. A path that
    goes on behind an id comes before the one that ends there: ids may contain slashes."""
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    longest_first = sorted(by_path, key=lambda path: path.count("/"), reverse=True)
    found = [re_path(_pattern(path), Endpoint(by_path[path])) for path in longest_first]
    return [*found, re_path(r"^(?P<version>v1|v2)(?:/|$)", nothing_here)]


def nothing_here(_request: HttpRequest, version: str) -> HttpResponse:
    return refusal(Refused(NOT_FOUND, "See /api/docs for the addresses of this API."), STYLES[version])


nothing_here.csrf_exempt = True  # type: ignore[attr-defined] # how Django marks a view; there is nothing to protect


def _pattern(path: str) -> str:
    """As Coop does, v1 takes a slash at the end or none. The last parameter of a path may contain slashes."""
    escaped = re.escape(path.removeprefix("/"))
    *inner, last = _PARAMETER.findall(escaped) or [""]
    for name in inner:
        escaped = escaped.replace(rf"\{{{name}\}}", f"(?P<{name}>[^/]+)")
    escaped = escaped.replace(rf"\{{{last}\}}", f"(?P<{last}>.+)") if last else escaped
    return f"^{escaped}/?$" if path.startswith("/v1/") else f"^{escaped}$"
