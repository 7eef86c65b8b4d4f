"""Blind second looks: drawn from what was decided, handed out as any other case, and nothing follows from them.

Another person decides; where only one may, the same one, long after. What they decide is kept beside the first
decision, and not as one: no delivery, hold, record or measurement ever meets it that does not ask for second looks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from copy import copy
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from evenhand.desk.accounts import queries as accounts
from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries.again import is_overtaken, overtaken
from evenhand.desk.cases.services.again import open_again
from evenhand.desk.enforcement.models import BatchItem, Decision, SecondLook
from evenhand.desk.enforcement.queries import again as queries
from evenhand.desk.enforcement.services.errors import CannotUndo
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.platform import Action
from evenhand.engine.triage.audit import drawn
from evenhand.runtime import config
from evenhand.runtime import secrets as vault

KEY = "second-looks.key"
RESTED = timedelta(hours=1)
"""So old is a decision at least before it is looked at again: it can be taken back for a while, and is talked about."""
REACHED = timedelta(days=2)
"""What was decided while no desk ran is drawn from so far back."""
DUE = timedelta(hours=2)
"""A look that the order did not bring to anybody in this time is handed out before its turn."""
ONE_IN = 10
"""At most one of so many cases that a person gets is handed out for that."""
PATIENCE = timedelta(days=14)
"""Nobody came to it: it is given up, and counted as such."""
AT_ONCE = 20
MOST_OPENED = 25
"""In one go, so that the work that is due from time to time is not held up; the next goes on behind them."""
_upto: dict[str, datetime] = {}
"""Up to when decisions were looked through, of each kind; by each process from REACHED on. A draw is repeatable."""


def look() -> int:
    """From time to time: open the looks that are drawn, and end those whose subject tells of the first decision by now,
    whose queue or policy is gone, or to which nobody came; how many opened."""
    snapshot, gone = policies.current(), overtaken()
    for one in queries.waiting():
        if one.drawn_at < timezone.now() - PATIENCE or one.case_id in gone or _is_unknown(one.case, snapshot):
            with transaction.atomic():
                withdraw(one)
    by_others = _through("others", RESTED, snapshot)
    return by_others + _through("same", timedelta(days=snapshot.platform.repeat_days), snapshot)


def _is_unknown(case: Case, snapshot: Snapshot) -> bool:
    """Its queue or policy is gone."""
    return case.queue not in snapshot.queues or (case.policy is not None and case.policy not in snapshot.policies)


def _through(whose: str, rested: timedelta, snapshot: Snapshot) -> int:
    until = timezone.now() - rested
    found = _drawn(_upto.get(whose, until - REACHED), until, snapshot)
    if len(found) == MOST_OPENED:
        until = found[-1].decided_at
    opened = sum(_open(decision, by_others=whose == "others", snapshot=snapshot) for decision in found)
    _upto[whose] = until
    return opened


def _drawn(since: datetime, until: datetime, snapshot: Snapshot) -> list[Decision]:
    """The first of them. Read to its end before anything is written: SQLite lets nobody write who still reads what was
    there before another wrote."""
    secret = _secret(config.current().data_dir)
    with closing(queries.undrawn(since, until)) as decisions:
        chosen = (one for one in decisions if drawn(secret, f"decision:{one.uid}", _share(one, snapshot)))
        return list(islice(chosen, MOST_OPENED))


def _share(decision: Decision, snapshot: Snapshot) -> float:
    return share_of(decision.case.policy if decision.case else None, snapshot)


def forget_progress() -> None:
    _upto.clear()


def share_of(policy: str | None, snapshot: Snapshot) -> float:
    """Of decided cases that proposed this policy. Where none was proposed: the largest share that any has."""
    if policy is None:
        return max((one.second_looks for one in snapshot.policies.values() if not one.child_safety), default=0.0)
    known = snapshot.policies.get(policy)
    return 0.0 if known is None or known.child_safety else known.second_looks


def _open(decision: Decision, *, by_others: bool, snapshot: Snapshot) -> int:
    """How many were opened: one or none."""
    queue = snapshot.queues.get(decision.case.queue) if decision.case else None
    if queue is None or decision.decided_by is None or _follows_another(decision):
        return 0
    knowing = [one for one in (decision.decided_by, decision.seconded_by) if one is not None]
    others = any(one not in knowing for one in accounts.granted_any(queue.roles))
    if others != by_others:
        return 0
    with transaction.atomic():
        case = cases.lock(decision.case_id or 0)
        if case.state != Case.State.CLOSED or is_overtaken(case) or SecondLook.objects.filter(first=decision).exists():
            return 0
        SecondLook.objects.create(
            uid=uuid4().hex,
            case=open_again(case, but=knowing if by_others else ()),
            first=decision,
            policy=case.policy or "",
            share=_share(decision, snapshot),
            drawn_at=timezone.now(),
        )
    return 1


def _follows_another(decision: Decision) -> bool:
    """One decision for a cluster is one judgement: it is looked at once, at its first case."""
    item = BatchItem.objects.filter(decision=decision).first()
    return item is not None and BatchItem.objects.filter(batch=item.batch_id, pk__lt=item.pk).exists()


def due(user: User) -> list[int]:
    """Looks that this person may be handed next out of turn, the oldest first; none shortly after another."""
    last = SecondLook.objects.filter(decided_by=user).order_by("-decided_at").first()
    if last is not None and last.decided_at is not None:
        since = Decision.objects.filter(decided_by=user, decided_at__gt=last.decided_at)[: ONE_IN - 1]
        if len(since) < ONE_IN - 1:
            return []
    waiting = queries.waiting().filter(drawn_at__lt=timezone.now() - DUE, case__state=Case.State.OPEN)
    return list(waiting.values_list("case", flat=True)[:AT_ONCE])


def answer(
    case: Case,
    *,
    kind: str,
    policy: str | None,
    chosen: Sequence[tuple[Action, dict[str, Any]]],
    by: User,
    reason: str,
    seconds: float | None,
) -> SecondLook:
    """In the caller's transaction, on the locked case, when all was asked as of any decision."""
    one = SecondLook.objects.select_related("first").get(case=case)
    now = timezone.now()
    one.kind, one.under, one.reason, one.seconds = kind, policy, reason, seconds
    one.actions = [[action.id, parameters] for action, parameters in chosen]
    one.needs_second = any(action.two_person for action, _ in chosen)
    one.decided_by, one.decided_at = by, now
    one.effective_at = now + timedelta(seconds=config.current().undo_seconds)
    one.save()
    one.case = case
    cases.close(case, "")
    record(
        Act.SECOND_LOOK,
        actor=actor(by),
        obj=f"case:{case.pk}",
        payload={
            "look": one.uid, "again": case.again_id, "decision": one.first.uid, "kind": kind, "policy": policy,
            "reason": reason, "item": [case.item_type, case.item_id], "actions": one.actions,
        },
        policy_version=policies.current().version,
    )  # fmt: skip
    return one


def take_back(uid: str, by: User) -> SecondLook | None:
    """In the caller's transaction: a look of this id waits again, as nobody was told yet what it was. What it was, or
    None: there is no such look. Raises CannotUndo."""
    looks = SecondLook.objects.filter(uid=uid, decided_by=by)
    if connection.features.has_select_for_update:
        looks = looks.select_for_update(of=("self",))
    one = looks.first()
    if one is None:
        return None
    if one.effective_at is None or one.effective_at <= timezone.now():
        raise CannotUndo("This was a second look: nothing followed from it, and how it was decided first is told now.")
    gone = copy(one)
    gone.undone_at = timezone.now()
    one.uid = uuid4().hex
    one.kind, one.under, one.reason, one.actions, one.needs_second = "", None, "", [], False
    one.decided_by = one.decided_at = one.effective_at = one.seconds = None
    one.save()
    one.case = cases.lock(one.case_id)
    cases.reopen(one.case)
    record(Act.UNDO, actor=actor(by), obj=f"look:{uid}", policy_version=policies.current().version)
    return gone


def tell(user: User) -> None:
    """This person sees now where they and another differ."""
    ids = [one.pk for one in queries.differing(user)]
    now = timezone.now()
    SecondLook.objects.filter(pk__in=ids, first__decided_by=user, first_told_at__isnull=True).update(first_told_at=now)
    SecondLook.objects.filter(pk__in=ids, decided_by=user, second_told_at__isnull=True).update(second_told_at=now)


def settle(decision: Decision) -> None:
    """Subscribed to decisions: one that was taken back is not looked at any more."""
    gone: Collection[Decision] = ()
    if decision.undone_at is not None:
        gone = (decision,)
    elif decision.kind == Decision.Kind.REVERSE and decision.reverses is not None:
        gone = (decision.reverses,)
    for one in queries.waiting().filter(first__in=gone):
        withdraw(one)


def withdraw(one: SecondLook) -> None:
    """In the caller's transaction: nobody is to decide it any more."""
    case = cases.lock(one.case_id)
    if case.state != Case.State.OPEN:
        return
    SecondLook.objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())
    cases.close(case, "")


@cache
def _secret(folder: Path) -> bytes:
    return vault.read_or_make(folder, KEY)
