"""Deciding, taking back, consenting: the case page's verbs."""

from __future__ import annotations

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, clusters, looks
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.again import SecondLook
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.enforcement.services import CannotUndo, Chosen, Conflict, Invalid, NeedsConfirmation, NeedsTyping
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import by_htmx, follow, fresh, queue_of, seen, show_case, skipped_of, taken, tell
from evenhand.desk.web.pages import choices, form, toast
from evenhand.desk.web.pages.form import Asked
from evenhand.desk.web.refusals import clashed, refused

LIKE = "like"


@requires(Permission.DECIDE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Decide, and answer with the next case. A GET (a key that fell between two pages) only shows the case again."""
    if request.method == "GET":
        return redirect(case_url(case_id, queue_of(request)))
    user = signed_in(request)
    case = seen(case_id, user)
    try:
        asked = _like(case, request) or form.read(request.POST, policies.current())
        if _lacks_values(asked):
            return _ask(request, taken(case, user), asked)
        done = _decide_all(case, asked, user) if asked.together else toast.of(_decide(case, asked, user))
    except (NeedsConfirmation, NeedsTyping) as why:
        return _ask(request, taken(case, user), asked, why=why)
    except Conflict as conflict:
        return clashed(request, fresh(case), conflict)
    except (cases.CaseError, Invalid) as error:
        return refused(request, taken(case, user), error)
    following = cases.next_case(user, queue_of(request) or None, skipped=skipped_of(request))
    return follow(request, following, toast=done)


def _like(case: Case, request: HttpRequest) -> Asked | None:
    """Decided as people decided its like: what they chose stands in the place of what the form says."""
    if request.POST.get("do") != LIKE:
        return None
    like = batches.like(case.cluster_id) if case.cluster_id else None
    if like is None:
        raise Invalid(_("Nobody has decided the like of this case: decide it yourself."))
    snapshot = policies.current()
    asked = form.read(request.POST, snapshot)
    chosen = tuple(Chosen(action, parameters) for action, parameters in like.actions)
    return msgspec.structs.replace(asked, kind=like.kind, policy=like.policy, chosen=chosen)


def _decide_all(case: Case, asked: Asked, user: User) -> toast.Toast:
    """One decision for what stands together."""
    batch = enforcement.decide_many(
        case.pk,
        version=asked.version,
        by=user,
        kind=asked.kind,
        policy=asked.policy,
        upto=asked.together.upto if asked.together else case.pk,
        but=asked.together.but if asked.together else (),
        actions=asked.chosen,
        reason=asked.reason,
        confirmed=asked.confirmed,
        typed=asked.together.typed if asked.together else "",
        seconds=asked.seconds,
    )
    _close_media(case, user)
    return toast.of_batch(batch)


def _lacks_values(asked: Asked) -> bool:
    if asked.action is None or asked.filled_in:
        return False
    return asked.adjust or choices.asks(asked.action)


def _decide(case: Case, asked: Asked, user: User) -> Decision | SecondLook:
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
    _close_media(case, user)
    return decision


def _close_media(case: Case, user: User) -> None:
    for view in looks.open_views(case.pk, user):
        cases.close_media(view, user)


def _ask(
    request: HttpRequest, case: Case, asked: Asked, why: NeedsConfirmation | NeedsTyping | None = None
) -> HttpResponse:
    """The same page, with a question where the buttons were."""
    question = {
        "action": asked.action,
        "do": f"act:{asked.action.id}" if asked.action else asked.do,
        "why": str(why) if isinstance(why, NeedsConfirmation) else "",
        "confirmed": asked.confirmed or isinstance(why, NeedsConfirmation),
        "count": _to_type(case, asked) if why else 0,
        "together": asked.together,
        "policy": asked.policy,
        "fields": choices.fields(asked.action, asked.chosen[0].parameters) if asked.action else [],
    }
    return show_case(request, case, policy=asked.policy, ask=question, reason=asked.reason)


def _to_type(case: Case, asked: Asked) -> int:
    """How many cases it is for, when so many have to be typed."""
    if asked.together is None:
        return 0
    count = len(clusters.chosen(case, upto=asked.together.upto, but=asked.together.but))
    return count if count > enforcement.TYPED_ABOVE else 0


@requires(Permission.DECIDE)
@require_POST
def part(request: HttpRequest, case_id: int) -> HttpResponse:
    """The marked ones are not the same: they leave the cluster, undecided."""
    user = signed_in(request)
    case = seen(case_id, user)
    marked = form.left_out(request.POST)
    try:
        left = cases.part(case.pk, marked, user)
    except cases.CaseError as error:
        return refused(request, taken(case, user), error)
    say = _("Parted: each of them stands alone now.") if left else _("Mark what is not the same first.")
    return show_case(request, taken(fresh(case), user), say=say)


@requires(Permission.DECIDE)
@require_GET
def progress(request: HttpRequest, uid: str) -> HttpResponse:
    """How far a decision on many cases has come."""
    told = toast.toast(uid, signed_in(request))
    if told is None:
        raise Http404
    return render(request, "web/parts/batch.html", {"toast": told})


@requires(Permission.DECIDE)
@require_POST
def undo_batch(request: HttpRequest, uid: str) -> HttpResponse:
    """Take all decisions of a batch back, and show its first case."""
    user = signed_in(request)
    try:
        batch = enforcement.undo_many(uid, user)
    except (CannotUndo, cases.CaseError) as why:
        return tell(request, str(why))
    found = batches.progress(batch)
    say = _("Taken back: %(undone)s of %(total)s.") % {"undone": found.undone + found.left, "total": found.total}
    if found.stuck:
        say += " " + _("%(count)s could not be taken back; their cases tell why.") % {"count": found.stuck}
    first = batch.items.order_by("pk").values_list("case_id", flat=True).first()
    if first is None:
        return tell(request, say, good=True)
    case = _held(first, user)
    return show_case(request, case, say=say) if by_htmx(request) else redirect(case_url(case.pk, queue_of(request)))


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
