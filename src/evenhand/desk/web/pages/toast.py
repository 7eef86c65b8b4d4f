"""What was just decided, and for how long a key still takes it back without a trace."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.enforcement.queries import again, batches, history
from evenhand.desk.enforcement.queries.again import SecondLook
from evenhand.desk.enforcement.queries.batches import Batch, BatchItem, Progress
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.fields import to_micros
from evenhand.desk.media.queries import browsing
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.timeline import decision_title, way_title
from evenhand.runtime import config


class Toast(Struct, frozen=True):
    uid: str
    title: str
    case: int | None
    until: datetime
    milliseconds: int
    """How long it can still be taken back; 0 when its webhooks leave already."""
    waits: bool
    """A second person must consent first."""
    batch: Progress | None = None
    """How far it has come, where one decision goes through many cases."""
    failed: tuple[BatchItem, ...] = ()
    owner: str = ""
    """A hash list that matched it: its owner can be told what was decided, which happens only if a person says so."""


def toast(uid: str | None, user: User) -> Toast | None:
    """None when there is no such decision of this person, or it was taken back or overturned."""
    decision = history.by_uid(uid) if uid else None
    if uid and decision is None and (look := again.by_uid(uid)):
        return of(look) if look.decided_by == user else None
    if uid and decision is None:
        batch = batches.by_uid(uid)
        return of_batch(batch) if batch and batch.by == user and batch.undone_at is None else None
    if decision is None or decision.decided_by != user or decision.undone_at or decision.overturned_by:
        return None
    return of(decision)


def of(decision: Decision | SecondLook) -> Toast:
    """A second look is told as any decision, as long as it can be taken back."""
    until = decision.effective_at or timezone.now()
    return Toast(
        uid=decision.uid,
        title=_title(decision),
        case=decision.case_id,
        until=until,
        milliseconds=max(0, (to_micros(until) - to_micros(timezone.now())) // 1000),
        waits=decision.needs_second and decision.seconded_at is None,
        owner="" if isinstance(decision, SecondLook) else browsing.to_be_told(decision.case_id),
    )


def _title(decision: Decision | SecondLook) -> str:
    snapshot = policies.current()
    if isinstance(decision, SecondLook):
        return way_title(decision.kind, [action for action, _ in decision.actions], decision.under, snapshot)
    return decision_title(decision, snapshot)


def of_batch(batch: Batch) -> Toast:
    """Its cases are decided one after the other: the first of them leaves first."""
    until = batch.made_at + timedelta(seconds=config.current().undo_seconds)
    first = batch.items.order_by("pk").values_list("case_id", flat=True).first()
    return Toast(
        uid=batch.uid,
        title=way_title(batch.kind, [action for action, _ in batch.actions], batch.policy, policies.current()),
        case=first,
        until=until,
        milliseconds=max(0, (to_micros(until) - to_micros(timezone.now())) // 1000),
        waits=False,
        batch=batches.progress(batch),
        failed=tuple(batches.failed(batch)),
    )
