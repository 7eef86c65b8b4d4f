"""One decision for a cluster of cases: each gets its own, and what fails for one is kept and told.

What is to be decided is written down first; then the batch goes through it, a transaction for each case. Who is killed
in the middle of it leaves cases that wait, and the next look goes on with them; nothing is decided twice.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from uuid import uuid4

import structlog
from django.db import Error, connection, transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, clusters
from evenhand.desk.enforcement.models import Batch, BatchItem
from evenhand.desk.enforcement.services.choice import Chosen, check
from evenhand.desk.enforcement.services.decide import as_seen, ask_back, choose, describe_last, settle
from evenhand.desk.enforcement.services.errors import CannotUndo, Conflict, DecisionError, Invalid, NeedsTyping
from evenhand.desk.enforcement.services.undo import undo
from evenhand.desk.policies import queries as policies

TYPED_ABOVE = 20
"""More cases at once take their number, typed."""
MOST = 5_000
"""Cases of one batch; the others stay, and are the next."""
AT_ONCE = 1.0
"""Seconds for which the person's own request goes on with it; the rest follows in the background."""
_log = structlog.get_logger("batches")


def decide_many(
    case_id: int,
    *,
    version: int,
    by: User,
    kind: str,
    policy: str | None,
    upto: int,
    but: Collection[int] = (),
    actions: Sequence[Chosen] = (),
    reason: str = "",
    confirmed: bool = False,
    typed: str = "",
    seconds: float | None = None,
    at_once: bool = True,
) -> Batch:
    """Decide a case and all that stand together with it, up to the case `upto`, which was the newest that this person
    saw. Those in `but` are not the same: they leave the cluster, undecided. Goes on for a second, unless all is left to
    `carry_on`.

    Raises what `decide` raises, and NeedsTyping. Nothing is changed then.
    """
    with transaction.atomic():
        case = cases.lock(case_id)
        as_seen(case, version)
        cases.may_decide(case, by)
        cases.not_held_by_other(case, by)
        chosen = choose(case, kind, policy, actions, policies.current())
        if not confirmed:
            ask_back([action for action, _ in chosen])
        together = clusters.chosen(case, upto=upto, but=but)[:MOST]
        if not together or case.cluster_id is None:
            raise Invalid("Nothing stands together with this case any more: look at it again.")
        if len(together) > TYPED_ABOVE and typed.strip() != str(len(together)):
            raise NeedsTyping(len(together))
        batch = Batch.objects.create(
            uid=uuid4().hex,
            cluster=case.cluster_id,
            kind=kind,
            policy=policy,
            actions=[[action.id, parameters] for action, parameters in chosen],
            reason=reason,
            by=by,
            made_at=timezone.now(),
            seconds=seconds / len(together) if seconds is not None else None,
        )
        if but:
            cases.part(case.pk, but, by)
        BatchItem.objects.bulk_create([BatchItem(batch=batch, case_id=one) for one in together], batch_size=500)
        cases.set_aside(together, by)
        what = {"kind": kind, "policy": policy, "actions": batch.actions, "reason": reason, "cases": len(together)}
        record(
            Act.CLUSTER_DECIDED,
            actor=actor(by),
            obj=f"batch:{batch.uid}",
            payload=what,
            policy_version=policies.current().version,
        )
    if at_once:
        carry_on(batch, seconds=AT_ONCE)
    return batch


def undo_many(uid: str, by: User) -> Batch:
    """Take a batch back: what it has not come to stays as it is, each of its decisions is taken back as `undo` does it.

    Raises CannotUndo, cases.Barred.
    """
    with transaction.atomic():
        batch = _lock(uid)
        if batch.undone_at is not None:
            raise CannotUndo("This was taken back already.")
        first = batch.items.select_related("case").order_by("pk").first()
        if first is not None:
            cases.may_decide(first.case, by)
        batch.undone_at, batch.undone_by = timezone.now(), by
        batch.save(update_fields=["undone_at", "undone_by"])
        waiting = batch.items.filter(state=BatchItem.State.WAITING)
        cases.bring_back(list(waiting.values_list("case_id", flat=True)))
        waiting.update(state=BatchItem.State.LEFT)
        done = batch.items.filter(state=BatchItem.State.DONE).update(state=BatchItem.State.UNDOING)
        record(Act.CLUSTER_UNDONE, actor=actor(by), obj=f"batch:{batch.uid}", payload={"decisions": done})
    carry_on(batch, seconds=AT_ONCE)
    return batch


def carry_on(batch: Batch | None = None, *, seconds: float = 2.0) -> int:
    """Go on with a batch, or with all, for so long at most; how many cases it came to."""
    until = time.monotonic() + seconds
    count = 0
    while time.monotonic() < until:
        due = BatchItem.objects.filter(state__in=(BatchItem.State.WAITING, BatchItem.State.UNDOING))
        ids = due.filter(batch=batch) if batch else due
        found = list(ids.order_by("pk").values_list("pk", flat=True)[:50])
        before = count
        for item in found:
            if time.monotonic() < until:
                count += _one(item)
        if count == before:
            break
    return count


def _one(item_id: int) -> int:
    try:
        with transaction.atomic():
            item = _claim(item_id)
            if item is None:
                return 0
            _undo(item) if item.state == BatchItem.State.UNDOING else _decide(item)
    except Error:
        raise  # the database: it is no matter of the case, and waits for the next look
    except (DecisionError, cases.CaseError) as why:
        _fail(item_id, str(why))
    except Exception:  # noqa: BLE001 (logged, and told with the case)
        _log.exception("A case of a batch could not be decided.", item=item_id)
        _fail(item_id, "Something went wrong in the desk; its log tells what.")
    return 1


def _claim(item_id: int) -> BatchItem | None:
    """The item, locked; None when it is done, or somebody else is at it."""
    items = BatchItem.objects.filter(pk=item_id, state__in=(BatchItem.State.WAITING, BatchItem.State.UNDOING))
    if connection.features.has_select_for_update_skip_locked:
        items = items.select_for_update(of=("self",), skip_locked=True)
    return items.select_related("batch__by", "batch__undone_by", "decision").first()


def _decide(item: BatchItem) -> None:
    batch = item.batch
    case = cases.lock(item.case_id)
    if case.state != Case.State.OPEN:
        raise Conflict(*describe_last(case))
    if case.bars.filter(user=batch.by).exists():
        raise cases.Barred("Somebody else must hear this one.")
    snapshot = policies.current()
    chosen = check([Chosen(action, given) for action, given in batch.actions], case.item_type, snapshot)
    item.decision = settle(
        case,
        kind=batch.kind,
        policy=batch.policy,
        chosen=chosen,
        by=batch.by,
        reason=batch.reason,
        seconds=batch.seconds,
        more={"batch": batch.uid},
    )
    item.state = BatchItem.State.DONE
    item.save(update_fields=["state", "decision"])


def _undo(item: BatchItem) -> None:
    if item.decision is None or item.batch.undone_by is None:
        raise CannotUndo("Nothing was decided here.")
    undo(item.decision.uid, item.batch.undone_by)
    item.state = BatchItem.State.UNDONE
    item.save(update_fields=["state"])


def _fail(item_id: int, why: str) -> None:
    with transaction.atomic():
        item = _claim(item_id)
        if item is None:
            return
        undoing = item.state == BatchItem.State.UNDOING
        item.state, item.error = BatchItem.State.STUCK if undoing else BatchItem.State.FAILED, why
        item.save(update_fields=["state", "error"])
        if not undoing:
            cases.bring_back([item.case_id])


def _lock(uid: str) -> Batch:
    batches = Batch.objects.filter(uid=uid)
    if connection.features.has_select_for_update:
        batches = batches.select_for_update(of=("self",))
    batch = batches.first()
    if batch is None:
        raise CannotUndo(f"There is no batch {uid}.")
    return batch
