"""The morning's digest, and one key for each hold."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries import nights
from evenhand.desk.enforcement.queries.holds import Hold
from evenhand.desk.enforcement.services import Chosen, Conflict, Invalid, NeedsConfirmation
from evenhand.desk.web.answers import by_htmx, seen
from evenhand.desk.web.pages.duty.morning import morning as morning_page

MOST_DIGITS = 10


@requires(Permission.DECIDE)
@never_cache
@require_GET
def morning(request: HttpRequest) -> HttpResponse:
    return _show(request)


@requires(Permission.DECIDE)
@require_POST
def confirm(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Yes: what hid it becomes what was decided, under the policy of the hold."""
    hold = _hold(request, hold_id)
    chosen = [Chosen(taken.action, taken.parameters) for taken in hold.decision.actions.all()]
    if problem := _decided(request, hold, "act", policy=hold.decision.policy, actions=chosen, reason=hold.reason):
        return _told(request, problem)
    return _told(request, _("Confirmed."), good=True)


@requires(Permission.DECIDE)
@require_POST
def release(request: HttpRequest, hold_id: int) -> HttpResponse:
    """No: it is shown again, and its case is decided with that."""
    if problem := _decided(request, _hold(request, hold_id), "dismiss", policy=None):
        return _told(request, problem)
    return _told(request, _("Released: it is shown again, and its case is decided."), good=True)


def _decided(
    request: HttpRequest,
    hold: Hold,
    kind: str,
    *,
    policy: str | None,
    actions: Sequence[Chosen] = (),
    reason: str = "",
) -> str:
    """Why it could not be decided so; "" when it is."""
    version = request.POST.get("version", "")
    try:
        enforcement.decide(
            hold.decision.case_id or 0,
            version=int(version) if version.isdecimal() and len(version) <= MOST_DIGITS else -1,
            by=signed_in(request),
            kind=kind,
            policy=policy,
            actions=actions,
            reason=reason,
        )
    except Conflict as conflict:
        return _("%(who)s was first: %(what)s") % {"who": conflict.who, "what": conflict.what}
    except (cases.CaseError, Invalid, NeedsConfirmation) as error:
        return str(error)
    return ""


def _hold(request: HttpRequest, hold_id: int) -> Hold:
    """One that still hides an item of a case that this person may see. Raises Http404."""
    hold = nights.open_hold_number(hold_id)
    if hold is None or hold.decision.case_id is None:
        raise Http404(_("There is no such hold."))
    seen(hold.decision.case_id, signed_in(request))
    return hold


def _told(request: HttpRequest, say: str, *, good: bool = False) -> HttpResponse:
    if by_htmx(request):
        return _show(request, say=say, problem="" if good else say)
    messages.add_message(request, messages.SUCCESS if good else messages.ERROR, say)
    return redirect("web:morning")


def _show(request: HttpRequest, *, say: str = "", problem: str = "") -> HttpResponse:
    context = {"page": morning_page(signed_in(request)), "say": say, "problem": problem}
    return render(request, "web/duty/morning.html", context, status=409 if problem else 200)
