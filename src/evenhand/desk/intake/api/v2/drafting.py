"""v2's items, reports and appeals as bodies of events."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.desk.intake.api import identity
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.reporters import reporter
from evenhand.desk.intake.api.v2.structs import AppealIn, ItemIn, RefIn, ReportIn
from evenhand.desk.intake.reading.items import Names, Raw
from evenhand.engine.model import AppealMade, Item, ItemKind, ItemSent, Ref, ReportMade

NAMES = Names("type", "id", "data")


def sent(draft: Draft, given: ItemIn, at: str, _event_id: str) -> ItemSent | None:
    read = item(draft, given, at)
    return None if read is None else ItemSent(read)


def reported(draft: Draft, given: ReportIn, at: str, event_id: str) -> ReportMade | None:
    read = item(draft, given.item, f"{at}/item")
    by = reporter(draft, given.reporter.kind, given.reporter.type, given.reporter.id, at=f"{at}/reporter", names=NAMES)
    if read and read.kind == "thread" and given.additional:
        draft.problem(f"{at}/additional", "A reported thread takes none: send its items in `thread`.")
    thread = _items(draft, given.thread, f"{at}/thread", "content")
    in_thread = [ref(draft, one, f"{at}/in_thread/{n}") for n, one in enumerate(given.in_thread)]
    additional = _items(draft, given.additional, f"{at}/additional")
    policy = draft.policy(given.policy, f"{at}/policy")
    reason = draft.text(given.reason, f"{at}/reason")
    reported_at = draft.moment(given.reported_at, f"{at}/reported_at")
    if read is None or by is None:
        return None
    return ReportMade(
        report_id=identity.as_uuid(event_id),
        reporter=by,
        reported_at=reported_at,
        item=read,
        policy=policy,
        reason=reason,
        csam=given.csam,
        thread=thread,
        in_thread=tuple(one for one in in_thread if one),
        additional=additional,
    )


def appealed(draft: Draft, given: AppealIn, at: str, _event_id: str) -> AppealMade | None:
    read = item(draft, given.item, f"{at}/item")
    by = ref(draft, given.by, f"{at}/by", "user")
    appeal_id = draft.id(given.appeal_id, f"{at}/appeal_id")
    actions = tuple(draft.action(one, f"{at}/actions/{n}") for n, one in enumerate(given.actions))
    policies = [draft.policy(one, f"{at}/policies/{n}") for n, one in enumerate(given.policies)]
    additional = _items(draft, given.additional, f"{at}/additional")
    reason = draft.text(given.reason, f"{at}/reason")
    appealed_at = draft.moment(given.appealed_at, f"{at}/appealed_at")
    if read is None or by is None:
        return None
    return AppealMade(
        appeal_id=appeal_id,
        by=by,
        appealed_at=appealed_at,
        item=read,
        actions=actions,
        policies=tuple(policy for policy in policies if policy),
        reason=reason,
        additional=additional,
    )


def item(draft: Draft, given: ItemIn, at: str, kind: ItemKind | None = None) -> Item | None:
    return draft.item(Raw(given.type, given.id, given.data, at, NAMES, given.partial, strict=True), kind)


def ref(draft: Draft, given: RefIn, at: str, kind: ItemKind | None = None) -> Ref | None:
    return draft.ref(given.type, given.id, at, NAMES, kind)


def _items(draft: Draft, given: Sequence[ItemIn], at: str, kind: ItemKind | None = None) -> tuple[Item, ...]:
    read = (item(draft, one, f"{at}/{n}", kind) for n, one in enumerate(given))
    return tuple(one for one in read if one)
