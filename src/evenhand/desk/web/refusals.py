"""The case page when what was asked was not done: somebody was first, or it cannot be."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from evenhand.desk.accounts.permissions import signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement.queries import history as decisions
from evenhand.desk.enforcement.services import Conflict, Invalid
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.answers import show_case
from evenhand.desk.web.pages.appeal import appeal_part
from evenhand.desk.web.pages.timeline import decision_title
from evenhand.engine.model import Ref


def clashed(request: HttpRequest, case: Case, conflict: Conflict) -> HttpResponse:
    """What somebody else decided, in the words that its buttons have."""
    last = next(iter(decisions.on_items([Ref(case.item_type, case.item_id)], 1)), None)
    what = decision_title(last, policies.current()) if last and last.decided_at == conflict.when else conflict.what
    told = {"who": conflict.who, "when": conflict.when, "what": what}
    part = appeal_part(case, signed_in(request))
    if part and part.settled:
        told = {"who": part.settled.who, "when": part.settled.at, "what": _("the decision was taken back")}
    return show_case(request, case, status=409, conflict=told)


def refused(request: HttpRequest, case: Case, error: cases.CaseError | Invalid) -> HttpResponse:
    """The case as it is now, what was written, and why it was not taken."""
    problems = error.problems if isinstance(error, Invalid) else [str(error)]
    status = 422 if isinstance(error, Invalid) else 403 if isinstance(error, cases.Barred) else 409
    return show_case(request, case, status=status, problems=problems, reason=request.POST.get("reason", ""))
