"""Media: opened on purpose, recorded before a byte is fetched, streamed through the desk and never kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import history, looks
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.duty import services as duty
from evenhand.desk.intake.queries import items
from evenhand.desk.signals import queries as signals
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import MOST_DIGITS, by_htmx, queue_of, seen
from evenhand.engine.model import Media, Ref
from evenhand.runtime import config, fetch
from evenhand.runtime.decode.stills import stills as stills_of
from evenhand.runtime.fetch.media import fetch_media

FILTER = "grey+blur"
SHOWN = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"}),
    "video": frozenset({"video/mp4", "video/webm", "video/ogg", "video/quicktime"}),
    "audio": frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/flac", "audio/aac"}),
}
"""Nothing that can carry a program: SVG is refused."""
ALL_SHOWN = frozenset().union(*SHOWN.values())
MOST_BYTES = 200_000_000
SECONDS = 60.0
MOST_SHOWN = 100
LIKELY = 0.5
MOST_FILM_BYTES = 50_000_000
"""A film is held in memory while its stills are made."""


@requires(Permission.SEE_MEDIA)
@require_POST
def open_(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record that this person opens this media, and answer with it, veiled."""
    case = seen(case_id, signed_in(request))
    ref = Ref(request.POST.get("type", ""), request.POST.get("id", ""))
    media = _media(ref, request.POST.get("url", ""), signed_in(request))
    context = {"case": case, "ref": ref, "media": media, "queue": queue_of(request)}
    host = urlsplit(media.url).hostname or ""
    if host not in config.current().media_hosts:
        return _answer(
            request, "web/parts/media_refused.html", {**context, "host": host}, 200 if by_htmx(request) else 403
        )
    if known_by := known_as(ref, media.url):
        try:
            duty.look_all_the_same(case.pk, signed_in(request), ref, media.url, request.POST.get("reason", ""))
        except duty.NeedsReason:
            return _answer(request, "web/parts/media_known.html", {**context, "known_by": known_by}, 200)
    scripted = by_htmx(request)
    view = cases.open_media(case.pk, signed_in(request), ref, media.field, media.url, FILTER, heard=scripted)
    shown = {**context, "view": view, "interval": looks.INTERVAL // timedelta(milliseconds=1)}
    return _answer(request, "web/parts/media_open.html", shown, 200)


def known_as(ref: Ref, url: str) -> list[str]:
    """What banks say of this medium of the item: it can be decided without being shown."""
    found = signals.of_items([ref]).get(ref, [])
    return [
        one.summary
        for one in found
        if one.detector.startswith("media:") and one.evidence.get("url") == url and one.probability >= LIKELY
    ]


def _media(ref: Ref, url: str, user: User) -> Media:
    """What the item really has under this address. Raises Http404, also when it is in a case that is not theirs."""
    known = items.known([ref]).get(ref)
    media = next((one for one in known.item.media if one.url == url), None) if known else None
    hidden = sight(user).hidden
    if media is None or any(case.policy in hidden for case in history.cases_on([ref], limit=history.MOST_CASES)):
        raise Http404(_("This item has no such media."))
    return media


def _answer(request: HttpRequest, part: str, context: dict[str, object], status: int) -> HttpResponse:
    if by_htmx(request):
        return render(request, part, context, status=status)
    return render(request, "web/media/page.html", {**context, "part": part}, status=status)


@requires(Permission.SEE_MEDIA)
@never_cache
@require_GET
def show(request: HttpRequest, view_id: int) -> HttpResponseBase:
    """The bytes, from the platform's host, to the person who opened them and did not close them yet."""
    view = looks.open_view(view_id, signed_in(request))
    if view is None:
        raise Http404(_("This view is closed: open the media again from its case."))
    configured = config.current()
    if (urlsplit(view.url).hostname or "") not in configured.media_hosts:
        raise Http404(_("The host of this media is not configured."))
    stack = ExitStack()
    try:
        asked = fetch.stream(
            fetch.Request(url=view.url, headers={"accept": ", ".join(sorted(ALL_SHOWN))}),
            timeout=SECONDS,
            max_bytes=MOST_BYTES,
            allow_private=configured.allow_private,
        )
        answer = stack.enter_context(asked)
    except fetch.FetchError as error:
        stack.close()
        return _unshown(str(error))
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or kind not in ALL_SHOWN:  # noqa: PLR2004 (HTTP)
        stack.close()
        return _unshown(
            _("The platform answered %(status)s with “%(kind)s”.") % {"status": answer.status, "kind": kind}
        )
    return _streamed(answer, kind, stack)


def _streamed(answer: fetch.Answer, kind: str, stack: ExitStack) -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        with stack:
            yield from answer.chunks()

    response = StreamingHttpResponse(body(), content_type=kind)
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _unshown(why: str) -> HttpResponse:
    return HttpResponse(why, status=502, content_type="text/plain; charset=utf-8")


@requires(Permission.SEE_MEDIA)
@never_cache
@require_GET
def stills(request: HttpRequest, view_id: int) -> HttpResponse:
    """Six pictures of a film that this person opened, side by side, from the sandboxed decoder. Nothing is kept."""
    view = looks.open_view(view_id, signed_in(request))
    if view is None:
        raise Http404(_("This view is closed: open the media again from its case."))
    configured = config.current()
    if (urlsplit(view.url).hostname or "") not in configured.media_hosts:
        raise Http404(_("The host of this media is not configured."))
    try:
        film = fetch_media(view.url, timeout=SECONDS, max_bytes=MOST_FILM_BYTES, allow_private=configured.allow_private)
    except fetch.FetchError as error:
        return _unshown(str(error))
    found = stills_of(film.data)
    if isinstance(found, str):
        return _unshown(found)
    response = HttpResponse(found, content_type="image/png")
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@requires(Permission.SEE_MEDIA)
@require_POST
def clear(request: HttpRequest, view_id: int) -> HttpResponse:
    """A button is held, and it is seen without a filter; or, with `ended`, it no longer is."""
    ended = request.POST.get("ended", "")
    if ended.isdecimal() and len(ended) < MOST_DIGITS:
        duty.unclear(int(ended), signed_in(request))
        return HttpResponse(status=204)
    look = duty.clear(view_id, signed_in(request))
    return JsonResponse({"look": look}, status=200 if look else 404)


@requires(Permission.SEE_MEDIA)
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """A page says which media it still shows, and is told which of it that may still be."""
    shown = [
        int(one) for one in request.POST.getlist("view")[:MOST_SHOWN] if one.isdecimal() and len(one) < MOST_DIGITS
    ]
    return JsonResponse({"open": cases.hear(shown, signed_in(request))})


@requires(Permission.SEE_MEDIA)
@require_POST
def close(request: HttpRequest, view_id: int) -> HttpResponse:
    """Record how long it was open. The page sends it, too, when it is left."""
    view = looks.open_view(view_id, signed_in(request))
    cases.close_media(view_id, signed_in(request))
    if view is None or "beacon" in request.POST:
        return HttpResponse(status=204)
    if by_htmx(request):
        ref = Ref(view.item_type, view.item_id)
        known = items.known([ref]).get(ref)
        media = next((one for one in known.item.media if one.url == view.url), None) if known else None
        return render(
            request, "web/parts/media_closed.html", {"case": view.case, "ref": ref, "media": media, "again": True}
        )
    return redirect(case_url(view.case_id, queue_of(request)))
