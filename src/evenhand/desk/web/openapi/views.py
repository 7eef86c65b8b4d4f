"""Shows the API's documentation: to machines as OpenAPI, to people as a page."""

from __future__ import annotations

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.desk.accounts.permissions import public
from evenhand.desk.web.openapi.document import document
from evenhand.desk.web.openapi.page import page


@public("who writes a client needs it before there is a key; it tells nothing about this desk")
def openapi(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_written(), content_type="application/json")


@public("the same, for people")
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "web/openapi/docs.html", {"page": page()})


@cache
def _written() -> bytes:
    return msgspec.json.encode(document())
