"""The listener as a WSGI application: which path and method asks what, and how answers and errors are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections
from msgspec import Struct

from evenhand.desk.media.errors import MediaError, NoSuch
from evenhand.desk.media.hma import banks, contents, exchanges, hashing, matching, status
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.gate import Gate
from evenhand.desk.media.hma.request import Request, refuse_nul
from evenhand.desk.media.hma.room import Answer, Handler, Room

StartResponse = Callable[[str, list[tuple[str, str]]], object]
READ, ACT = "read", "act"
_GET, _POST, _PUT, _DELETE = "GET", "POST", "PUT", "DELETE"
_log = structlog.get_logger("hma")


class Route(Struct, frozen=True):
    path: str
    """`<>` stands for one part."""
    methods: Mapping[str, Handler]
    is_open: bool = False
    """Answered to whoever asks: it tells nothing but that somebody listens."""


ROUTES: Final = (
    Route("/status", {_GET: status.status}, is_open=True),
    Route("/status/live", {_GET: status.live}, is_open=True),
    Route("/h/hash", {_GET: hashing.hash_address, _POST: hashing.hash_upload}),
    Route("/m/raw_lookup", {_GET: matching.raw_lookup, _POST: matching.raw_batch}),
    Route("/m/lookup", {_GET: matching.lookup, _POST: matching.lookup_posted}),
    Route("/m/compare", {_POST: matching.compare}),
    Route("/m/index/status", {_GET: matching.index_status}),
    Route("/m/counts", {_GET: matching.counted}),
    Route("/c/banks", {_GET: banks.all_, _POST: banks.make}),
    Route("/c/bank/<>", {_GET: banks.one, _PUT: banks.change, _DELETE: banks.retire}),
    Route("/c/bank/<>/content", {_POST: contents.add}),
    Route("/c/bank/<>/content/<>", {_GET: contents.one, _PUT: contents.change, _DELETE: contents.withdraw}),
    Route("/c/bank/<>/signal", {_POST: contents.add_signal}),
    Route("/c/exchanges", {_GET: exchanges.all_, _POST: exchanges.make}),
    Route("/c/exchanges/apis", {_GET: exchanges.apis}),
    Route("/c/exchanges/api/<>", {_GET: exchanges.api, _POST: exchanges.refuse_credentials}),
    Route("/c/exchange/<>", {_GET: exchanges.one, _PUT: exchanges.switch, _DELETE: exchanges.remove}),
    Route("/c/exchange/<>/status", {_GET: exchanges.status}),
    Route("/c/signal_type", {_GET: status.signal_types}),
    Route("/c/signal_type/index", {_GET: status.signal_index}),
    Route("/c/signal_type/<>", {_PUT: status.refuse_switching}),
    Route("/c/content_type", {_GET: status.content_types}),
)
"""The first that fits counts."""
_EXACT: Final = {route.path: route for route in ROUTES if "<>" not in route.path}
_OTHERS: Final = [
    (re.compile(re.escape(route.path).replace("<>", "([^/]+)")), route) for route in ROUTES if "<>" in route.path
]
SITE_MAP: Final = "/site-map"


class Listener:
    """One WSGI application."""

    def __init__(self, room: Room, gate: Gate) -> None:
        self._room, self._gate = room, gate

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(Request(environ))
        text = isinstance(answer.body, str)
        body = answer.body.encode() if text else msgspec.json.encode(answer.body)
        kind = "text/plain; charset=utf-8" if text else "application/json"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), *answer.headers.items()]
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [body]

    def _answer(self, request: Request) -> Answer:
        try:
            return self._handle(request)
        except Refusal as refusal:
            return Answer({"message": refusal.message}, status=refusal.status, headers=refusal.headers)
        except NoSuch as missing:
            return Answer({"message": str(missing)}, status=404)
        except MediaError as error:
            return Answer({"message": str(error)}, status=400)
        except DatabaseError as error:
            _log.error("The database did not answer.", error=str(error).strip(), path=request.path)
            close_old_connections()  # one that broke stays broken, and is this thread's
            return Answer({"message": "The desk's database does not answer: ask again."}, 503, {"Retry-After": "5"})
        except Exception:  # noqa: BLE001 (logged; whoever asked gets an answer)
            _log.exception("A request failed.", method=request.method, path=request.path)
            return Answer({"message": "The desk made a mistake here; its log says which."}, status=500)

    def _handle(self, request: Request) -> Answer:
        route, parts = _route(request.path)
        if not route.is_open:
            self._gate.check(
                request, READ if request.method == _GET or request.path.startswith(("/m/", "/h/")) else ACT
            )
        handler = route.methods.get(_GET if request.method == "HEAD" else request.method)
        if handler is None:
            allowed = ", ".join(route.methods)
            raise Refusal(405, f"{request.path} takes {allowed}, not {request.method}.", Allow=allowed)
        if request.path.startswith("/c/"):
            close_old_connections()
        return handler(self._room, request, *parts)


def _site_map(_room: Room, _request: Request) -> Answer:
    """As text, a line for each path, as HMA has it."""
    lines = [f"{route.path.replace('<>', '<name>')}  {', '.join(route.methods)}" for route in ROUTES]
    return Answer("\n".join([*lines, f"{SITE_MAP}  GET", ""]))


def _route(path: str) -> tuple[Route, tuple[str, ...]]:
    """Raises Refusal."""
    path = refuse_nul(path).rstrip("/") or "/"
    if path == SITE_MAP:
        return Route(SITE_MAP, {_GET: _site_map}), ()
    if (exact := _EXACT.get(path)) is not None:
        return exact, ()
    for pattern, route in _OTHERS:
        if found := pattern.fullmatch(path):
            return route, found.groups()
    raise Refusal(404, f"There is nothing under {path[:200]}; {SITE_MAP} lists all paths.")
