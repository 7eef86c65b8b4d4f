"""The platform at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from msgspec import Struct

from evenhand.data import dsa
from evenhand.desk.accounts.permissions import Permission, allowed, requires, signed_in
from evenhand.desk.policies import queries
from evenhand.engine.platform import Policy, Queue, Snapshot, tree


class Branch(Struct, frozen=True):
    """A policy in the tree. `opens` begins a deeper list; `closes` are the lists that end before it."""

    policy: Policy
    opens: bool
    closes: range
    version: int
    category: str
    queue: Queue


@requires(Permission.SEE_PLATFORM)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = queries.current(fresh=True)
    branches = _branches(now)
    context = {
        "now": now,
        "applied": queries.stored(now.version) if now.version else None,
        "branches": branches,
        "still_open": range(_depth(now)),
        "may_edit": allowed(signed_in(request), Permission.EDIT_PLATFORM),
    }
    return render(request, "policies/index.html", context)


def _branches(now: Snapshot) -> list[Branch]:
    found = []
    above = -1
    for depth, policy in tree(now.platform.policies):
        found.append(
            Branch(
                policy=policy,
                opens=depth > above,
                closes=range(max(above - depth, 0)),
                version=now.policy_versions[policy.id],
                category=dsa.categories()[policy.dsa].name if policy.dsa else "",
                queue=now.queues[now.queue_for(policy.id, "")],
            )
        )
        above = depth
    return found


def _depth(now: Snapshot) -> int:
    """How many lists are still open after the last policy."""
    found = tree(now.platform.policies)
    return found[-1][0] + 1 if found else 0
