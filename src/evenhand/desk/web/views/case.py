"""The case page, and what one does there besides deciding: take, skip, note."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries.again import was_told
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import by_htmx, follow, queue_of, seen, show_case, skipped_of, taken
from evenhand.desk.web.pages.toast import toast
from evenhand.engine.model import Ref


@requires(Permission.SEE_CASES)
@never_cache
@require_GET
def show(request: HttpRequest, case_id: int) -> HttpResponse:
    """Looking at a free case takes it, unless one only looks (`?look`)."""
    user = signed_in(request)
    case = seen(case_id, user)
    if case.again_id and was_told(case, user):
        return redirect(case_url(case.again_id, queue_of(request), look="1"))
    if "look" not in request.GET and allowed(user, Permission.DECIDE):
        case = taken(case, user)
    return show_case(request, case, toast=toast(request.GET.get("decided"), user))


@requires(Permission.DECIDE)
@require_POST
def skip(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give the case back, and go on to the one behind it."""
    user = signed_in(request)
    seen(case_id, user)
    cases.release(case_id, user)
    skipped = [*skipped_of(request), case_id]
    following = cases.next_case(user, queue_of(request) or None, skipped=skipped)
    return follow(request, following, say=_("Skipped."), skipped=".".join(map(str, skipped)))


@requires(Permission.DECIDE)
@require_POST
def take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the lease, or renew it. Quietly, when the page itself asks."""
    user = signed_in(request)
    taken(seen(case_id, user), user)
    if by_htmx(request):
        return HttpResponse(status=204)
    return redirect(case_url(case_id, queue_of(request)))


@requires(Permission.SEE_CASES)
@require_POST
def note(request: HttpRequest, case_id: int) -> HttpResponse:
    user = signed_in(request)
    case = seen(case_id, user)
    ref = Ref(case.item_type, case.item_id)
    if request.POST.get("about") == "author" and case.author_id:
        ref = Ref(case.author_type, case.author_id)
    try:
        cases.add_note(ref, user, request.POST.get("text", ""))
    except ValueError as problem:
        return show_case(request, case, status=422, problems=[str(problem)])
    if by_htmx(request):
        return show_case(request, case, say=_("Noted."))
    return redirect(case_url(case_id, queue_of(request)))
