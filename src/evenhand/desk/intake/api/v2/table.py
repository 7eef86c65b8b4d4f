"""Every operation of v2 that takes things in, or tells what was taken in."""

from __future__ import annotations

from typing import Any

from evenhand.desk.intake.api.operations import IDEMPOTENCY_KEY, JSON, Operation, Parameter
from evenhand.desk.intake.api.paging import CURSOR, LIMIT
from evenhand.desk.intake.api.v2 import cloudevents, examples, reading, sending
from evenhand.desk.intake.api.v2.elements import ATOMIC
from evenhand.desk.intake.api.v2.structs import (
    AppealIn,
    CloudEvent,
    ItemIn,
    ItemOut,
    ItemsIn,
    PoliciesOut,
    ReportIn,
    ReportsIn,
    Results,
)

TAKEN: dict[int, Any] = {202: Results, 207: Results}
"""207 only with `atomic=false`: some were kept, some were not."""

SEND_ITEMS = Operation(
    method="POST",
    path="/v2/items",
    scopes=("ingest",),
    handle=sending.send_items,
    name="sendItems",
    summary="Send one item, or a batch",
    example=examples.ITEMS,
    takes={JSON: (ItemIn, ItemsIn)},
    answers=TAKEN,
    parameters=(IDEMPOTENCY_KEY, ATOMIC),
    refuses=(422,),
)
SEND_REPORTS = Operation(
    method="POST",
    path="/v2/reports",
    scopes=("report",),
    handle=sending.send_reports,
    name="sendReports",
    summary="Send one report, or a batch",
    details="Without an Idempotency-Key the same report sent again is one report: its id comes from its content.",
    example=examples.REPORT,
    takes={JSON: (ReportIn, ReportsIn)},
    answers=TAKEN,
    parameters=(IDEMPOTENCY_KEY, ATOMIC),
    refuses=(422,),
)
SEND_APPEALS = Operation(
    method="POST",
    path="/v2/appeals",
    scopes=("report",),
    handle=sending.send_appeals,
    name="sendAppeal",
    summary="Appeal against actions",
    details="An appeal is known by its `appeal_id`: sent again it is a duplicate; with another body it is refused.",
    example=examples.APPEAL,
    takes={JSON: AppealIn},
    answers={202: Results},
    refuses=(409,),
)
SEND_EVENTS = Operation(
    method="POST",
    path="/v2/events",
    scopes=("ingest", "report"),
    handle=cloudevents.send_events,
    name="sendEvents",
    summary="Send CloudEvents",
    details=(
        "Structured, batched or binary mode of CloudEvents 1.0. Events with the same `source` and `id` are one event."
        " Items need the scope ingest, reports and appeals the scope report."
    ),
    example=examples.EVENT,
    takes={
        cloudevents.STRUCTURED: CloudEvent,
        cloudevents.BATCH: list[CloudEvent],
        JSON: (ItemIn, ReportIn, AppealIn),
    },
    answers={202: Results},
    parameters=cloudevents.HEADERS,
    refuses=(409,),
)
LIST_POLICIES = Operation(
    method="GET",
    path="/v2/policies",
    scopes=("read",),
    handle=reading.list_policies,
    name="listPolicies",
    summary="List policies",
    answers={200: PoliciesOut},
    parameters=(LIMIT, CURSOR),
    refuses=(400,),
)
GET_ITEM = Operation(
    method="GET",
    path="/v2/items/{type}/{id}",
    scopes=("read",),
    handle=reading.get_item,
    name="getItem",
    summary="One item, as it was folded last",
    answers={200: ItemOut},
    parameters=(
        Parameter("type", "path", "Id of the item's type", required=True),
        Parameter("id", "path", "Id of the item", required=True),
    ),
    refuses=(404,),
)

OPERATIONS = (SEND_ITEMS, SEND_REPORTS, SEND_APPEALS, SEND_EVENTS, LIST_POLICIES, GET_ITEM)
