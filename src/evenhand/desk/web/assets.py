"""Static files, served by the desk itself: from memory, compressed once, cached for ever under a name that changes with
the content. No build step, no collecting."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from msgspec import Struct

SMALLEST_WORTH_COMPRESSING = 256
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class Asset(Struct, frozen=True):
    type: str
    tag: str
    body: bytes
    zipped: bytes


class Shelf(Struct, frozen=True):
    """All static files of all apps, and the one name of exactly this set of them."""

    build: str
    files: dict[str, Asset]


@cache
def shelf() -> Shelf:
    files: dict[str, Asset] = {}
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            name = path.replace("\\", "/")
            if name not in files:
                with storage.open(path) as file:
                    files[name] = _asset(name, file.read())
    names = "".join(f"{name} {files[name].tag}\n" for name in sorted(files))
    return Shelf(hashlib.sha256(names.encode()).hexdigest()[:12], files)


def _asset(name: str, body: bytes) -> Asset:
    kind, _ = mimetypes.guess_type(name)
    kind = kind or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    zipped = gzip.compress(body, mtime=0) if len(body) >= SMALLEST_WORTH_COMPRESSING else b""
    return Asset(kind, f'"{hashlib.sha256(body).hexdigest()[:16]}"', body, zipped)


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` gives addresses with the build in the path: links from file to file are versioned with them."""

    def url(self, name: str | None) -> str:
        return f"{settings.STATIC_URL}{shelf().build}/{name}"


class AssetsMiddleware:
    """Answers for static files before anything else runs: no session, no database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        return _answer(request, request.path_info.removeprefix(settings.STATIC_URL))


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    build, _, name = path.partition("/")
    asset = shelf().files.get(name)
    if asset is None or request.method not in {"GET", "HEAD"}:
        return HttpResponse("No such file.", status=404, content_type="text/plain")
    response = _unchanged(request, asset) or _body(request, asset)
    response["ETag"] = asset.tag
    response["Cache-Control"] = FOREVER if build == shelf().build else ASK_AGAIN
    response["Vary"] = "Accept-Encoding"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def _unchanged(request: HttpRequest, asset: Asset) -> HttpResponse | None:
    return HttpResponseNotModified() if request.headers.get("If-None-Match") == asset.tag else None


def _body(request: HttpRequest, asset: Asset) -> HttpResponse:
    if asset.zipped and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(asset.zipped, content_type=asset.type)
        response["Content-Encoding"] = "gzip"
        return response
    return HttpResponse(asset.body, content_type=asset.type)
