"""The status page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.audit.queries.publications import published
from evenhand.desk.enforcement.queries import seconds
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.fields import from_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.signals import queries as signals
from evenhand.desk.signals import services as signals_services
from evenhand.desk.web import status as collected
from evenhand.desk.web.pages.timeline import decision_title

MOST_ERROR = 300


class Waiting(Struct, frozen=True):
    """A decision that waits for a second person."""

    decision: Decision
    title: str
    hindrance: seconds.Hindrance | None
    """Why this person cannot be the second; None when they can."""


@requires(Permission.SEE_STATUS)
@never_cache
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    snapshot = policies.current()
    problems = collected.problems()
    context = {
        "problems": [(problem, from_micros(problem.since) if problem.since else None) for problem in problems],
        "partitions": signals.progress(),
        "waiting": [
            Waiting(one, decision_title(one, snapshot), seconds.hindrance(one, user)) for one in seconds.seen_by(user)
        ],
        "parked": signals.parked(),
        "published": published(),
        "may_mend": allowed(user, Permission.REPLAY_DELIVERIES),
        "snapshot": snapshot,
        "now": timezone.now(),
    }
    return render(request, "web/status/page.html", context)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def refold(request: HttpRequest, event_id: str) -> HttpResponse:
    """Fold a parked event again. Whatever still keeps it from being folded is told."""
    try:
        signals_services.refold(event_id, actor=actor(signed_in(request)))
    except Exception as error:  # noqa: BLE001 (any fault of any detector may have parked it)
        messages.error(request, _("It still cannot be folded: %(error)s") % {"error": str(error)[:MOST_ERROR]})
    else:
        messages.success(request, _("Folded."))
    return redirect("web:status")
