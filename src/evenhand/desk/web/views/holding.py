"""Holding an item by hand while its case waits."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.services import Conflict, Invalid
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import follow, fresh, queue_of, seen, skipped_of, taken
from evenhand.desk.web.pages import form, toast
from evenhand.desk.web.refusals import clashed, refused


@requires(Permission.DECIDE)
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hide the case's item for now, and go on to the next case: this one waits. A GET only shows it again."""
    if request.method == "GET":
        return redirect(case_url(case_id, queue_of(request)))
    user = signed_in(request)
    case = seen(case_id, user)
    try:
        asked = form.read(request.POST, policies.current())
        held = enforcement.hold(
            case.pk,
            version=asked.version,
            by=user,
            policy=asked.policy,
            hours=_hours(request.POST.get("hours", "")),
            reason=asked.reason,
        )
    except Conflict as conflict:
        return clashed(request, fresh(case), conflict)
    except (cases.CaseError, Invalid) as error:
        return refused(request, taken(case, user), error)
    cases.release(case.pk, user)
    skipped = [*skipped_of(request), case.pk]
    following = cases.next_case(user, queue_of(request) or None, skipped=skipped)
    return follow(request, following, toast=toast.of(held), skipped=".".join(map(str, skipped)))


def _hours(text: str) -> float | None:
    """None: as long as the policy allows. Raises Invalid."""
    if not text.strip():
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    if not math.isfinite(hours):
        raise Invalid(_("Hours must be a number, not “%(text)s”.") % {"text": text})
    return hours
