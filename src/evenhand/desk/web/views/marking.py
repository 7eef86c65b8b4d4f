"""What one does about rules on the case page: let go of a hold, set or remove a label."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in
from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries.holds import open_hold
from evenhand.desk.enforcement.services import Invalid
from evenhand.desk.rules import services as rules
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import by_htmx, queue_of, seen, show_case
from evenhand.desk.web.pages.marks import Offered, marks
from evenhand.engine.model import Ref

MOST_DAYS = 3650
MOST_DIGITS = 4


@requires(Permission.DECIDE)
@require_POST
def release(request: HttpRequest, case_id: int) -> HttpResponse:
    """The hold on the case's item ends; its case stays open."""
    user = signed_in(request)
    case = seen(case_id, user)
    hold = open_hold(Ref(case.item_type, case.item_id))
    if hold is None:
        return show_case(request, case, status=409, problems=[_("This hold has ended already.")])
    try:
        enforcement.release(hold.pk, user)
    except Invalid as invalid:
        return show_case(request, case, status=409, problems=invalid.problems)
    return _back(request, case, _("Released: the platform is asked to show it again."))


@requires(Permission.DECIDE)
@require_POST
def label(request: HttpRequest, case_id: int) -> HttpResponse:
    """Set or remove a label on the item or its author, for a reason that is shown wherever the label is."""
    user = signed_in(request)
    case = seen(case_id, user)
    author = Ref(case.author_type, case.author_id) if case.author_id else None
    offered = marks(Ref(case.item_type, case.item_id), author)
    entity = next((one.entity for one in offered.whom if one.key == request.POST.get("whom")), None)
    name = request.POST.get("label", "").strip()
    days = request.POST.get("days", "").strip()
    if problem := _problem(entity, name, days, offered.labels):
        return show_case(request, case, status=422, problems=[problem])
    assert entity is not None
    try:
        rules.mark(
            entity,
            name,
            request.POST.get("status", "added"),
            actor=actor(user),
            reason=request.POST.get("reason", ""),
            expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
        )
    except ValueError as error:
        return show_case(request, case, status=422, problems=[str(error)])
    return _back(request, case, _("Noted for the next event: %(label)s.") % {"label": name})


def _problem(entity: Ref | None, name: str, days: str, known: list[Offered]) -> str:
    """What is wrong with the form; "" when nothing is."""
    if entity is None:
        return _("Say whom the label is about.")
    label = next((one for one in known if one.name == name), None)
    if not name or (known and label is None):
        return _("Choose one of the labels that the rules declare.") if known else _("Give the label a name.")
    if label and not label.fits(entity):
        types = ", ".join(label.valid_for)
        return _("%(label)s is a label for: %(types)s.") % {"label": name, "types": types}
    if days and not (days.isdecimal() and len(days) <= MOST_DIGITS and 0 < int(days) <= MOST_DAYS):
        return _("Days are a whole number from 1 to %(most)s, or nothing.") % {"most": MOST_DAYS}
    return ""


def _back(request: HttpRequest, case: Case, say: str) -> HttpResponse:
    if by_htmx(request):
        return show_case(request, case, say=say)
    return redirect(case_url(case.pk, queue_of(request)))
