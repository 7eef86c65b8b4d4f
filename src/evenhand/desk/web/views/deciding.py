"""Deciding, taking back, consenting: the case page's verbs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, looks
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries import history as decisions
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.enforcement.services import CannotUndo, Conflict, Invalid, NeedsConfirmation
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import by_htmx, follow, fresh, queue_of, seen, show_case, skipped_of, taken, tell
from evenhand.desk.web.pages import choices, form, toast
from evenhand.desk.web.pages.appeal import appeal_part
from evenhand.desk.web.pages.form import Asked
from evenhand.desk.web.pages.timeline import decision_title
from evenhand.engine.model import Ref


@requires(Permission.DECIDE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Decide, and answer with the next case. A GET (a key that fell between two pages) only shows the case again."""
    if request.method == "GET":
        return redirect(case_url(case_id, queue_of(request)))
    user = signed_in(request)
    case = seen(case_id, user)
    try:
        asked = form.read(request.POST, policies.current())
        if _lacks_values(asked):
            return _ask(request, taken(case, user), asked)
        decision = _decide(case, asked, user)
    except NeedsConfirmation as why:
        return _ask(request, taken(case, user), asked, why=str(why))
    except Conflict as conflict:
        return _conflict(request, fresh(case), conflict)
    except (cases.CaseError, Invalid) as error:
        return _refused(request, taken(case, user), error)
    following = cases.next_case(user, queue_of(request) or None, skipped=skipped_of(request))
    return follow(request, following, toast=toast.of(decision))


def _lacks_values(asked: Asked) -> bool:
    if asked.action is None or asked.filled_in:
        return False
    return asked.adjust or choices.asks(asked.action)


def _decide(case: Case, asked: Asked, user: User) -> Decision:
    """What was opened for the case is not looked at any more, then."""
    decision = enforcement.decide(
        case.pk,
        version=asked.version,
        by=user,
        kind=asked.kind,
        policy=asked.policy,
        actions=asked.chosen,
        reason=asked.reason,
        confirmed=asked.confirmed,
        seconds=asked.seconds,
    )
    for view in looks.open_views(case.pk, user):
        cases.close_media(view, user)
    return decision


def _ask(request: HttpRequest, case: Case, asked: Asked, why: str = "") -> HttpResponse:
    """The same page, with a question where the buttons were."""
    question = {
        "action": asked.action,
        "do": f"act:{asked.action.id}" if asked.action else asked.do,
        "why": why,
        "policy": asked.policy,
        "fields": choices.fields(asked.action, asked.chosen[0].parameters) if asked.action else [],
    }
    return show_case(request, case, policy=asked.policy, ask=question, reason=asked.reason)


def _conflict(request: HttpRequest, case: Case, conflict: Conflict) -> HttpResponse:
    """What somebody else decided, in the words that its buttons have."""
    last = next(iter(decisions.on_items([Ref(case.item_type, case.item_id)], 1)), None)
    what = decision_title(last, policies.current()) if last and last.decided_at == conflict.when else conflict.what
    told = {"who": conflict.who, "when": conflict.when, "what": what}
    part = appeal_part(case, signed_in(request))
    if part and part.settled:
        told = {"who": part.settled.who, "when": part.settled.at, "what": _("the decision was taken back")}
    return show_case(request, case, status=409, conflict=told)


def _refused(request: HttpRequest, case: Case, error: cases.CaseError | Invalid) -> HttpResponse:
    """The case as it is now, what was written, and why it was not taken."""
    problems = error.problems if isinstance(error, Invalid) else [str(error)]
    status = 422 if isinstance(error, Invalid) else 403 if isinstance(error, cases.Barred) else 409
    return show_case(request, case, status=status, problems=problems, reason=request.POST.get("reason", ""))


@requires(Permission.DECIDE)
@require_POST
def undo(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a decision back, and show its case again."""
    user = signed_in(request)
    try:
        decision = enforcement.undo(uid, user)
    except (CannotUndo, cases.CaseError) as why:
        return tell(request, str(why))
    say = _("Taken back.") if decision.uid == uid else _("Taken back: the platform is asked to reverse it.")
    if decision.case_id is None:
        return tell(request, say, good=True)
    case = _held(decision.case_id, user)
    return show_case(request, case, say=say) if by_htmx(request) else redirect(case_url(case.pk, queue_of(request)))


def _held(case_id: int, user: User) -> Case:
    try:
        return cases.take(case_id, user)
    except cases.CaseError:
        return seen(case_id, user)


@requires(Permission.SECOND)
@require_POST
def second(request: HttpRequest, uid: str) -> HttpResponse:
    """The second person's consent to a two-person decision."""
    try:
        enforcement.second(uid, signed_in(request))
    except (CannotUndo, cases.CaseError) as why:
        return tell(request, str(why))
    return tell(request, _("You consented: its webhooks leave now."), good=True)
