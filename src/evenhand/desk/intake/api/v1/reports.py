"""Reports and appeals as v1 sends them."""

from __future__ import annotations

from msgspec.structs import replace

from evenhand.desk.intake.api import bodies, drafts, identity, storing
from evenhand.desk.intake.api.drafts import Draft
from evenhand.desk.intake.api.operations import JSON, Answer, Call
from evenhand.desk.intake.api.refusals import CONFLICT
from evenhand.desk.intake.api.reporters import reporter
from evenhand.desk.intake.api.v1.items import NAMES, item, keep, ref
from evenhand.desk.intake.api.v1.structs import AppealInV1, ItemInV1, ReasonInV1, ReportInV1, ReportTakenV1
from evenhand.engine.model import AppealMade, Item, ItemKind, ReportMade


def send_report(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    naming = identity.naming(call, identity.by_content(call.source))
    given, [body] = drafts.understood(call.body, ReportInV1, lambda given: drafts.read([given], _report))
    event_id = naming(0, given)
    report_id = identity.as_uuid(event_id)
    keep(call, [(event_id, replace(body, report_id=report_id))])
    return Answer(201, ReportTakenV1(report_id))


def send_appeal(call: Call) -> Answer:
    bodies.must_be(call.request, JSON)
    given, [body] = drafts.understood(call.body, AppealInV1, lambda given: drafts.read([given], _appeal))
    events = storing.events([(identity.of_appeal(given.appeal_id), body)], call.source)
    storing.refuse_reuse(events, CONFLICT)
    storing.keep(events)
    return Answer(204)


def _report(draft: Draft, given: ReportInV1, _n: int) -> ReportMade | None:
    """The report, still without its id."""
    why = given.reported_for_reason or ReasonInV1()
    reported = item(draft, given.reported_item, "/reportedItem")
    by = reporter(draft, given.reporter.kind, given.reporter.type_id, given.reporter.id, at="/reporter", names=NAMES)
    additional = _items(draft, given.additional_items, "/additionalItems")
    if reported and reported.kind == "thread" and given.additional_items:
        draft.problem("/additionalItems", "A reported thread takes none: send its items in reportedItemThread.")
    thread = _items(draft, given.reported_item_thread, "/reportedItemThread", "content")
    in_thread = [
        ref(draft, one, f"/reportedItemsInThread/{n}") for n, one in enumerate(given.reported_items_in_thread or ())
    ]
    policy = draft.policy(why.policy_id, "/reportedForReason/policyId")
    reason = draft.text(why.reason or "", "/reportedForReason/reason")
    reported_at = draft.moment(given.reported_at, "/reportedAt")
    if reported is None or by is None:
        return None
    return ReportMade(
        report_id="",
        reporter=by,
        reported_at=reported_at,
        item=reported,
        policy=policy,
        reason=reason,
        csam=bool(why.csam),
        thread=thread,
        in_thread=tuple(one for one in in_thread if one),
        additional=additional,
    )


def _appeal(draft: Draft, given: AppealInV1, _n: int) -> AppealMade | None:
    actioned = item(draft, given.actioned_item, "/actionedItem")
    by = ref(draft, given.appealed_by, "/appealedBy", "user")
    appeal_id = draft.id(given.appeal_id, "/appealId")
    actions = tuple(draft.action(action, f"/actionsTaken/{n}") for n, action in enumerate(given.actions_taken))
    policies = [
        draft.policy(policy.id, f"/violatingPolicies/{n}/id") for n, policy in enumerate(given.violating_policies or ())
    ]
    reason = draft.text(given.appeal_reason or "", "/appealReason")
    appealed_at = draft.moment(given.appealed_at, "/appealedAt")
    additional = _items(draft, given.additional_items, "/additionalItems")
    if actioned is None or by is None:
        return None
    return AppealMade(
        appeal_id=appeal_id,
        by=by,
        appealed_at=appealed_at,
        item=actioned,
        actions=actions,
        policies=tuple(policy for policy in policies if policy),
        reason=reason,
        additional=additional,
    )


def _items(draft: Draft, given: list[ItemInV1] | None, at: str, kind: ItemKind | None = None) -> tuple[Item, ...]:
    read = (item(draft, one, f"{at}/{n}", kind) for n, one in enumerate(given or ()))
    return tuple(one for one in read if one)
