"""Every operation of v1 that takes things in."""

from __future__ import annotations

from evenhand.desk.intake.api import documents
from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Answer, Call, Operation
from evenhand.desk.intake.api.v1 import examples, items, reports
from evenhand.desk.intake.api.v1.structs import (
    AppealInV1,
    ContentInV1,
    ContentTakenV1,
    ItemsInV1,
    ReportInV1,
    ReportTakenV1,
)
from evenhand.desk.policies.api import CoopPolicies, coop_policies


def list_policies(_call: Call) -> Answer:
    return Answer(200, coop_policies(documents.current().snapshot))


SEND_ITEMS = Operation(
    method="POST",
    path="/v1/items/async",
    scopes=("ingest",),
    handle=items.send_items,
    name="sendItemsV1",
    summary="Send items",
    details="All or none: one item that cannot be read refuses the whole batch, and the error points at it.",
    example=examples.ITEMS,
    takes={JSON: ItemsInV1},
    answers={202: None},
    parameters=(IDEMPOTENCY_KEY,),
    refuses=(422,),
)
SEND_CONTENT = Operation(
    method="POST",
    path="/v1/content",
    scopes=("ingest",),
    handle=items.send_content,
    name="sendContentV1",
    summary="Send one item, by the name of its type",
    details="202 when it is kept; 200 with what was triggered when `sync` is true.",
    example=examples.CONTENT,
    takes={JSON: ContentInV1},
    answers={202: None, 200: ContentTakenV1},
    parameters=(IDEMPOTENCY_KEY,),
    refuses=(422,),
)
SEND_REPORT = Operation(
    method="POST",
    path="/v1/report",
    scopes=("report",),
    handle=reports.send_report,
    name="sendReportV1",
    summary="Report an item",
    details="The same body sent again gives the same `reportId`, and is one report.",
    example=examples.REPORT,
    takes={JSON: ReportInV1},
    answers={201: ReportTakenV1},
    parameters=(IDEMPOTENCY_KEY,),
    refuses=(422,),
)
SEND_APPEAL = Operation(
    method="POST",
    path="/v1/report/appeal",
    scopes=("report",),
    handle=reports.send_appeal,
    name="sendAppealV1",
    summary="Appeal against actions",
    details="The same `appealId` again is the same appeal; with another body it is refused (409).",
    example=examples.APPEAL,
    takes={JSON: AppealInV1},
    answers={204: None},
    refuses=(409,),
)
LIST_POLICIES = Operation(
    method="GET",
    path="/v1/policies",
    scopes=("read",),
    handle=list_policies,
    name="listPoliciesV1",
    summary="List policies",
    answers={200: CoopPolicies},
)

OPERATIONS = (SEND_ITEMS, SEND_CONTENT, SEND_REPORT, SEND_APPEAL, LIST_POLICIES)
