"""Pages on what leaves the desk: how each destination does, each message with each attempt, and what mends them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries.again import blind
from evenhand.desk.enforcement import services
from evenhand.desk.enforcement.queries import deliveries as queries
from evenhand.desk.enforcement.queries import seconds


@requires(Permission.SEE_DELIVERIES)
@never_cache
@require_GET
def deliveries(request: HttpRequest) -> HttpResponse:
    health = queries.health()
    state = _one_of(request.GET.get("state", ""), queries.Delivery.State.values)
    destination = _one_of(request.GET.get("destination", ""), [one.id for one in health])
    context = {
        "health": health,
        "page": queries.page(
            state=state,
            destination=destination,
            before=_number(request.GET.get("before", "")),
            unseen=blind(signed_in(request)),
        ),
        "state": state,
        "destination": destination,
    }
    return render(request, "enforcement/deliveries.html", context)


@requires(Permission.SEE_DELIVERIES)
@never_cache
@require_GET
def delivery(request: HttpRequest, message_id: str) -> HttpResponse:
    row = _delivery(message_id)
    context = {
        "row": row,
        "body": _pretty(row.sent or row.body),
        "left": row.sent is not None,
        "attempts": queries.attempts(row),
        "may_mend": allowed(request.user, Permission.REPLAY_DELIVERIES),
        "decision": row.decision,
        "what": services.describe(row.decision) if row.decision else "",
        "hindrance": _hindrance(row, signed_in(request)),
    }
    return render(request, "enforcement/delivery.html", context)


def _hindrance(row: queries.Delivery, user: User) -> str:
    """Why this person cannot give the consent that the message waits for; "" when they can."""
    waits = row.decision is not None and row.state == queries.Delivery.State.WAITING
    return (waits and row.decision and seconds.hindrance(row.decision, user)) or ""


@requires(Permission.SEE_DELIVERIES)
@never_cache
@require_GET
def destination(request: HttpRequest, name: str) -> HttpResponse:
    context = {
        "one": _health(name),
        "secrets": queries.secrets(name),
        "page": queries.page(destination=name, unseen=blind(signed_in(request))),
        "may_mend": allowed(request.user, Permission.REPLAY_DELIVERIES),
    }
    return render(request, "enforcement/destination.html", context)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def replay(request: HttpRequest, message_id: str) -> HttpResponse:
    _delivery(message_id)
    said = _("It leaves again, under the same id.")
    return _mended(request, message_id, lambda by: services.replay(message_id, actor=by), said)


@requires(Permission.SECOND)
@require_POST
def second(request: HttpRequest, message_id: str) -> HttpResponse:
    """The second person's consent to the decision that the message comes from: all of its messages leave."""
    decision = _delivery(message_id).decision
    if decision is None:
        raise Http404(_("No decision stands behind this message."))
    try:
        services.second(decision.uid, signed_in(request))
    except (services.CannotUndo, cases.CaseError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You consented: its webhooks leave now."))
    return redirect("enforcement:delivery", message_id)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def cancel(request: HttpRequest, message_id: str) -> HttpResponse:
    _delivery(message_id)
    return _mended(request, message_id, lambda by: services.cancel(message_id, actor=by), _("It will not leave."))


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def replay_all(request: HttpRequest, name: str) -> HttpResponse:
    _health(name)
    count = services.replay_all(name, actor=actor(signed_in(request)))
    said = ngettext("%(count)s message leaves again.", "%(count)s messages leave again.", count) % {"count": count}
    messages.success(request, said)
    return redirect("enforcement:destination", name)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def disable(request: HttpRequest, name: str) -> HttpResponse:
    _health(name)
    reason = request.POST.get("reason", "").strip()
    if reason:
        services.disable(name, actor=actor(signed_in(request)), reason=reason[:500])
        messages.success(request, _("Nothing is sent to it any more. Its messages wait."))
    else:
        messages.error(request, _("Say why: whoever finds it switched off will want to know."))
    return redirect("enforcement:destination", name)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def enable(request: HttpRequest, name: str) -> HttpResponse:
    _health(name)
    services.enable(name, actor=actor(signed_in(request)))
    messages.success(request, _("It is on again, and what waited leaves now."))
    return redirect("enforcement:destination", name)


@requires(Permission.REPLAY_DELIVERIES)
@require_POST
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Leads to the page of the message, where its one attempt will stand."""
    _health(name)
    message_id = services.enqueue_test(name)
    messages.success(request, _("The test leaves now. Load this page again to see what came of it."))
    return redirect("enforcement:delivery", message_id)


def _mended(request: HttpRequest, message_id: str, mend: Callable[[str], None], said: str) -> HttpResponse:
    try:
        mend(actor(signed_in(request)))
    except (services.CannotReplay, services.CannotCancel) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("enforcement:delivery", message_id)


def _delivery(message_id: str) -> queries.Delivery:
    try:
        return queries.delivery(message_id)
    except queries.NoSuchDelivery as error:
        raise Http404(str(error)) from None


def _health(name: str) -> queries.Health:
    for health in queries.health():
        if health.id == name:
            return health
    raise Http404(_("There is no destination %(name)s.") % {"name": name})


def _pretty(body: Any) -> str:
    return json.dumps(json.loads(bytes(body)), indent=2, ensure_ascii=False)


def _one_of(value: str, choices: list[str]) -> str:
    return value if value in choices else ""


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None  # noqa: PLR2004 (64 bits)
