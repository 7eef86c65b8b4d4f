"""Decides a new case like the others of its cluster, where its policy lets the machine do so (`like_decided`).

Only what several people decided in the same way, and nobody otherwise; nothing that is irreversible, takes two people,
or is about child safety. One in ten, drawn so that nobody can foresee it, is left to a person: an audit.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, clusters
from evenhand.desk.enforcement.models import LIKE_OTHERS
from evenhand.desk.enforcement.queries import batches
from evenhand.desk.enforcement.queries.batches import Like
from evenhand.desk.enforcement.services import secrets
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import settle
from evenhand.desk.enforcement.services.errors import Invalid
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Event, ReportMade, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.triage import audit

LEAST = 5
"""So many cases must people have decided."""
AUDITED = audit.HELD
"""As holds are: what the machine decides for good is looked at no less often than what it only hides."""


def absorb(events: Sequence[Event], signals: Sequence[Signal]) -> None:
    """Subscribed to the fold, behind cases: in its transaction."""
    if not any(policy.like_decided == "decide" for policy in policies.current().policies.values()):
        return
    touched = {event.subject for event in events if isinstance(event.body, ReportMade)}
    touched |= {signal.subject for signal in signals}
    for case in clusters.opened_in_decided(sorted(touched)):
        _decide(case)


def _decide(case: Case) -> None:
    """Not where somebody has looked at the case already, decided it, or taken a decision on it back."""
    if case.cluster_id is None or case.version > 1 or case.holder_id is not None or _is_audited(case):
        return
    like = batches.like(case.cluster_id)
    policy = policies.current().policies.get(like.policy or case.policy or "") if like else None
    if like is None or policy is None or not _may(policy, like, case):
        return
    actions = [Chosen(action, given) for action, given in like.actions]
    try:
        chosen = check(actions, case.item_type, policies.current())
    except Invalid:
        return
    if any(action.undo is None or action.two_person for action, _ in chosen):
        return
    settle(
        cases.lock(case.pk),
        kind=like.kind,
        policy=like.policy,
        chosen=chosen,
        by=None,
        key_name=LIKE_OTHERS,
        reason=f"It says the same as {like.count} items that people decided in the same way.",
        more={"like": like.count, "cluster": case.cluster_id},
    )


def _may(policy: Policy, like: Like, case: Case) -> bool:
    unanimous = like.count == like.total >= LEAST
    same = case.policy in (None, policy.id)
    return policy.like_decided == "decide" and not policy.child_safety and unanimous and same


def _is_audited(case: Case) -> bool:
    """The same whenever it is asked for: a report more does not draw again."""
    return audit.drawn(secrets.seal_key(), f"cluster {case.item_type} {case.item_id}", AUDITED)
