"""One decision for cases that a person takes together, such as all that came at somebody: a batch, as of a cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement.models import Batch, BatchItem
from evenhand.desk.enforcement.services.batches import AT_ONCE, TYPED_ABOVE, carry_on
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import as_seen, ask_back, choose
from evenhand.desk.enforcement.services.errors import Invalid, NeedsTyping
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Ref

MOST_EACH = 500


def decide_each(
    seen: Mapping[int, int],
    *,
    by: User,
    kind: str,
    policy: str | None,
    actions: Sequence[Chosen] = (),
    reason: str = "",
    typed: str = "",
    about: Ref | None = None,
) -> Batch:
    """Decide these open cases, each as this person saw it (number → version); all of them stand under one policy.
    `about`: whom they came at, for the ledger. Goes on for a second, and then in the background.

    Raises what `decide` raises, and NeedsTyping; Invalid, too, where they are of several policies, where a case is an
    appeal, or where there are more than 500. Nothing is changed then.
    """
    if not 0 < len(seen) <= MOST_EACH:
        raise Invalid(f"One decision is for 1 to {MOST_EACH} cases, not for {len(seen)}.")
    with transaction.atomic():
        found = [_locked(case_id, seen[case_id], by) for case_id in sorted(seen)]
        if len({case.policy for case in found}) > 1:
            raise Invalid("These cases stand under several policies: decide those of each policy together.")
        snapshot = policies.current()
        chosen = choose(found[0], kind, policy, actions, snapshot)
        for item_type in {case.item_type for case in found}:
            check(actions, item_type, snapshot)
        ask_back([action for action, _ in chosen])
        if len(found) > TYPED_ABOVE and typed.strip() != str(len(found)):
            raise NeedsTyping(len(found))
        batch = _write(found, [[action.id, given] for action, given in chosen], kind, policy, reason, by)
        record(
            Act.CLUSTER_DECIDED,
            actor=actor(by),
            obj=f"batch:{batch.uid}",
            payload={
                "kind": kind, "policy": policy, "actions": batch.actions, "reason": reason, "cases": len(found),
                **({"came_at": [about.type, about.id]} if about else {}),
            },
            policy_version=snapshot.version,
        )  # fmt: skip
    carry_on(batch, seconds=AT_ONCE)
    return batch


def _locked(case_id: int, version: int, by: User) -> Case:
    case = cases.lock(case_id)
    as_seen(case, version)
    if case.kind != Case.Kind.REVIEW:
        raise Invalid("An appeal is heard by itself.")
    cases.may_decide(case, by)
    cases.not_held_by_other(case, by)
    return case


def _write(  # noqa: PLR0917 (the batch's own words)
    found: Sequence[Case], actions: Sequence[object], kind: str, policy: str | None, reason: str, by: User
) -> Batch:
    batch = Batch.objects.create(
        uid=uuid4().hex, cluster=0, kind=kind, policy=policy, actions=actions, reason=reason, by=by,
        made_at=timezone.now(),
    )  # fmt: skip
    BatchItem.objects.bulk_create([BatchItem(batch=batch, case_id=case.pk) for case in found], batch_size=500)
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for case in found:
        if case.cluster_id is not None:
            places[case.cluster_id, case.queue].append(case.pk)
    for some in places.values():
        cases.set_aside(some, by)
    return batch
