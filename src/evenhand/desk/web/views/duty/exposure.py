"""My exposure: what I saw, by kind of harm and day; and for who manages people, sums of at least three."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.duty import services
from evenhand.desk.duty.queries import sparing
from evenhand.desk.enforcement.queries import own
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.duty.seen import limits, table

DAYS = 14


@requires(Permission.OWN_ACCOUNT)
@never_cache
@require_GET
def exposure(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sees = allowed(user, Permission.SEE_MEDIA)
    manages = allowed(user, Permission.MANAGE_PEOPLE)
    days = sparing.by_day(user, DAYS) if sees else []
    context = {
        "sees": sees,
        "days": [(day, table(found)) for day, found in days if found],
        "today": table(days[0][1]) if days else [],
        "days_count": DAYS,
        "closed": sparing.closed(user) if sees else [],
        "limits": limits(),
        "at_work": own.at_work_since(user) if sees else None,
        "manages": manages,
        "crowd": sparing.crowd(timezone.now() - timedelta(days=DAYS)) if manages else None,
        "fewest": sparing.FEWEST_PEOPLE,
    }
    return render(request, "web/duty/exposure.html", context)


@requires(Permission.SEE_MEDIA)
@require_POST
def more(request: HttpRequest) -> HttpResponse:
    """More than the limit, for the rest of the day, for a reason that goes into the ledger."""
    user = signed_in(request)
    kind = request.POST.get("kind", "")
    if kind not in policies.current().policies:
        raise Http404(_("There is no such policy."))
    try:
        services.allow_more(user, kind, request.POST.get("reason", ""), by=user)
    except services.NeedsReason as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("No limit for this kind until your day ends; the ledger says why."))
    return redirect("web:exposure")
